/** The front matter of a product file: its keys, their values, and the messages for their faults. */
import { z } from 'zod';
import { MARKETPLACES } from '../marketplaces/all.ts';
import { didYouMean } from '../message/nearest.ts';
import { downloadKeys } from './download-keys.ts';
import { explainIssue, type IssueFault } from './explain-issue.ts';
import { fieldNames } from './fields.ts';
import { mailKeys } from './mail-keys.ts';
import { choice, featureNames, line, nameList, period, shown, wholeNumber } from './values.ts';

const LARGEST_SEATS = 65_535;
const MOST_FEATURES = 24;

const MOST_REISSUES = 12;

const selfReissue = z
  .string()
  .refine((text) => text === 'off' || (/^\d{1,2}$/.test(text) && Number(text) <= MOST_REISSUES), {
    error: ({ input }) =>
      `${shown(input)} is not a number of new codes from 1 to ${MOST_REISSUES}: write how many a customer may make in a year, or off`,
  })
  .transform((text) => (text === 'off' ? 0 : Number(text)));

const frontMatter = z.strictObject({
  name: line(200),
  marketplaces: z
    .strictObject(
      Object.fromEntries(
        MARKETPLACES.map(({ name, productKeys }) => [name, productKeys.schema.exactOptional()]),
      ),
    )
    .default({}),
  term: period('perpetual'),
  grace: period().default('P0D'),
  updates: period('unlimited').default('unlimited'),
  quantity: choice(['codes', 'seats']).default('codes'),
  seats: wholeNumber(LARGEST_SEATS).default(1),
  multibuy: choice(['single', 'separate']).default('single'),
  features: featureNames(MOST_FEATURES).default([]),
  grants: featureNames(MOST_FEATURES).exactOptional(),
  trial: choice(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  trial_term: period().exactOptional(),
  overdue: choice(['suspend', 'keep']).default('suspend'),
  ended: choice(['expire', 'revoke', 'fallback']).default('expire'),
  refund: choice(['revoke', 'keep']).default('revoke'),
  self_reissue: selfReissue.default(0),
  fields: fieldNames.prefault({}),
  /** Further parameters that the marketplace sends for the seller. */
  parameters: nameList(100).default([]),
  downloads: downloadKeys.prefault({}),
  mail: mailKeys.prefault({}),
});

/** Only the keys of the consistency checks below; frontMatter itself reports other faults. */
const related = z.object({
  term: z.string().catch(''),
  trial_term: z.string().catch(''),
  features: z.array(z.string()).catch([]),
  grants: z.array(z.string()).catch([]),
});

const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(frontMatter.shape),
  marketplaces: MARKETPLACES.map(({ name }) => name),
  ...Object.fromEntries(
    MARKETPLACES.map(({ name, productKeys }) => [`marketplaces.${name}`, productKeys.names]),
  ),
  fields: Object.keys(fieldNames.shape),
  downloads: Object.keys(downloadKeys.shape),
  mail: Object.keys(mailKeys.shape),
};

export type FrontMatter = z.output<typeof frontMatter>;

/** The values, or all faults: of single keys, and of keys that contradict each other. */
export function readFrontMatter(
  values: unknown,
): { readonly data: FrontMatter } | { readonly faults: IssueFault[] } {
  const parsed = frontMatter.safeParse(values);
  const faults = [...(parsed.error?.issues.flatMap(explained) ?? []), ...findContradictions(values)];
  return parsed.success && faults.length === 0 ? { data: parsed.data } : { faults };
}

function explained(issue: z.core.$ZodIssue): IssueFault[] {
  return explainIssue(issue, (place) => KNOWN_KEYS[place] ?? [], 'the front matter');
}

function findContradictions(values: unknown): IssueFault[] {
  const { features, grants, ...times } = related
    .catch({ term: '', trial_term: '', features: [], grants: [] })
    .parse(values);
  const faults: IssueFault[] = grants.flatMap((name, index) => {
    if (features.includes(name)) return [];
    const message = `grants[${index}]: ${shown(name)} is not one of features${didYouMean(name, features)}`;
    return [{ path: ['grants', index], message }];
  });
  for (const [name, time] of Object.entries(times))
    if (/^P(0+[YMWD])+$/.test(time))
      faults.push({ path: [name], message: `${name}: ${time} is no time at all` });
  return faults;
}
