/** The front matter of a product file: which keys there are, what they may say, and how a fault in one is told. */
import { z } from 'zod';
import { isPeriod } from '../domain/day.ts';
import type { FieldName } from '../domain/product.ts';
import { didYouMean } from '../message/nearest.ts';

/**
 * Every value is text here: the YAML is read without types, so that `47023` and `"47023"` are the same id and a
 * version or a leading zero stays as it was written.
 */
const choice = <const T extends string>(known: readonly T[]) =>
  z.string().transform((text, context): T => {
    const found = known.find((candidate) => candidate === text);
    if (found !== undefined) return found;
    context.addIssue(`${shown(text)} is not one of ${known.join(', ')}${didYouMean(text, known)}`);
    return z.NEVER;
  });

const period = (otherwise?: string) =>
  z.string().superRefine((text, context) => {
    if (text === otherwise || isPeriod(text)) return;
    const options = otherwise === undefined ? '' : ` ${otherwise}, or`;
    context.addIssue(
      `${shown(text)} is not${otherwise === undefined ? '' : ` ${otherwise} or`} a time: write${options} ${
        inIso8601(text) ?? 'a time such as P1Y (a year) or P14D (14 days)'
      }`,
    );
  });

/** `1 year` as `P1Y`. */
function inIso8601(text: string): string | undefined {
  const [, count, unit] = /^(\d{1,4}) ?(y|m|w|d)(?:ears?|onths?|eeks?|ays?)?$/i.exec(text) ?? [];
  return count === undefined || unit === undefined ? undefined : `P${Number(count)}${unit.toUpperCase()}`;
}

const line = (longest: number) =>
  z
    .string()
    .min(1, 'is empty')
    .max(longest, `is longer than ${longest} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'has a line break or control character in it');

const wholeNumber = (largest: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) <= largest, {
      error: (issue) => `${shown(issue.input)} is not a whole number from 0 to ${largest}`,
    })
    .transform(Number);

const featureName = z
  .string()
  .max(64, 'is longer than 64 characters')
  .regex(/^[a-z0-9-]+$/, {
    error: (issue) => `${shown(issue.input)} is not a feature's name: use a-z, 0-9 and -`,
  });

const names = (longest: number) =>
  z
    .array(featureName)
    .max(longest, `has more than ${longest} names`)
    .superRefine((list, context) => {
      for (const [index, name] of list.entries()) {
        if (list.indexOf(name) < index) {
          context.addIssue({ code: 'custom', path: [index], message: `${shown(name)} is there twice` });
        }
      }
    });

/** A seller's names for a field: one, or several of which the first that is sent counts. */
const fieldNames = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(line(100)).min(1, 'is empty'),
);

/** `paddle-classic:` with nothing behind it is as good as `{}`. */
const marketplace = <T extends z.ZodRawShape>(keys: T) =>
  z.preprocess((value) => (value === '' ? {} : value), z.strictObject(keys));

const paddleClassic = marketplace({ product: line(100).exactOptional() });

/** FastSpring knows a product by its path, and each variation by one of its own. */
const fastspring = marketplace({
  product: z
    .preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(line(200)).min(1, 'is empty'),
    )
    .exactOptional(),
  reply: choice(['codes', 'markdown']).default('codes'),
});

const LARGEST_SEATS = 65_535;
const MOST_FEATURES = 24;

const frontMatter = z.strictObject({
  name: line(200),
  marketplaces: z
    .strictObject({
      'paddle-classic': paddleClassic.exactOptional(),
      fastspring: fastspring.exactOptional(),
    })
    .default({}),
  term: period('perpetual'),
  grace: period().default('P0D'),
  updates: period('unlimited').default('unlimited'),
  quantity: choice(['codes', 'seats']).default('codes'),
  seats: wholeNumber(LARGEST_SEATS).default(1),
  multibuy: choice(['single', 'separate']).default('single'),
  features: names(MOST_FEATURES).default([]),
  grants: names(MOST_FEATURES).exactOptional(),
  trial: choice(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  overdue: choice(['suspend', 'keep']).default('suspend'),
  ended: choice(['expire', 'revoke', 'fallback']).default('expire'),
  refund: choice(['revoke', 'keep']).default('revoke'),
  fields: z
    .strictObject({
      email: fieldNames.default(['email', 'p_customer_email']),
      name: fieldNames.default(['name', 'p_customer_name']),
      company: fieldNames.default(['company']),
      reference: fieldNames.default(['reference']),
      quantity: fieldNames.default(['quantity']),
      subscriptionReference: fieldNames.default(['subscriptionReference', 'subscription']),
      sequence: fieldNames.default(['sequence']),
      test: fieldNames.default(['test']),
    } satisfies Record<FieldName, unknown>)
    .prefault({}),
});

/** Only what the contradictions below need; what is not so is told by frontMatter itself. */
const related = z.object({
  term: z.string().catch(''),
  features: z.array(z.string()).catch([]),
  grants: z.array(z.string()).catch([]),
});

const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(frontMatter.shape),
  marketplaces: ['paddle-classic', 'fastspring'],
  'marketplaces.paddle-classic': ['product'],
  'marketplaces.fastspring': ['product', 'reply'],
  fields: Object.keys(frontMatter.shape.fields.unwrap().shape),
};

export interface FrontMatterFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type FrontMatter = z.output<typeof frontMatter>;

/** The values, or all faults: what each key says, and what they say of each other. */
export function readFrontMatter(
  values: unknown,
): { readonly data: FrontMatter } | { readonly faults: FrontMatterFault[] } {
  const parsed = frontMatter.safeParse(values);
  const faults = [...(parsed.error?.issues.flatMap(explainIssue) ?? []), ...findContradictions(values)];
  return parsed.success && faults.length === 0 ? { data: parsed.data } : { faults };
}

function findContradictions(values: unknown): FrontMatterFault[] {
  const { term, features, grants } = related.catch({ term: '', features: [], grants: [] }).parse(values);
  const faults: FrontMatterFault[] = grants.flatMap((name, index) => {
    if (features.includes(name)) return [];
    const message = `grants[${index}]: ${shown(name)} is not one of features${didYouMean(name, features)}`;
    return [{ path: ['grants', index], message }];
  });
  if (/^P(0+[YMWD])+$/.test(term))
    faults.push({ path: ['term'], message: `term: ${term} is no time at all` });
  return faults;
}

/** One fault of zod in the words of a product's author; an unknown key each becomes one. */
function explainIssue(issue: z.core.$ZodIssue): FrontMatterFault[] {
  const { path } = issue;
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const named = place.replace(/^\./, '');
  if (issue.code === 'unrecognized_keys') {
    const known = KNOWN_KEYS[named] ?? [];
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `${named ? `${named}.` : ''}${key}: there is no such key${didYouMean(key, known) || `; there are ${known.join(', ')}`}`,
    }));
  }
  if (issue.code === 'invalid_type')
    return [{ path, message: `${named ? `${named}:` : 'the front matter'} ${explainType(issue)}` }];
  return [{ path, message: `${named}: ${issue.message}` }];
}

function explainType(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.endsWith('received undefined')) return 'is missing';
  if (issue.expected === 'array') return 'must be a list, such as [one, two]';
  if (issue.expected === 'object') return 'must be lines of "key: value"';
  return 'must be a single value';
}

/** A value in a message: short, on one line. */
function shown(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 60));
}
