/** The types of values in a product file's front matter, and the messages for values of a wrong type. */
import { z } from 'zod';
import { cut } from '../domain/values/cut.ts';
import { isPeriod } from '../domain/values/day.ts';
import { didYouMean } from '../message/nearest.ts';

/**
 * Every value is text: the YAML is parsed without types, so that `47023` and `"47023"` are the same id, and a
 * version or a leading zero stays as written.
 */
export const choice = <const T extends string>(known: readonly T[]) =>
  z.string().transform((text, context): T => {
    const found = known.find((candidate) => candidate === text);
    if (found !== undefined) return found;
    context.addIssue(`${shown(text)} is not one of ${known.join(', ')}${didYouMean(text, known)}`);
    return z.NEVER;
  });

export const period = (otherwise?: string) =>
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

export const line = (longest: number) =>
  z
    .string()
    .min(1, 'is empty')
    .max(longest, `is longer than ${longest} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'has a line break or control character in it');

export const wholeNumber = (largest: number) =>
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

export const featureNames = (longest: number) =>
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

/** One name or a list of names; a single name needs no brackets. */
export const nameList = (longest: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(line(longest)).min(1, 'is empty'),
  );

/** A value in a message: short, on one line. */
export function shown(value: unknown): string {
  return JSON.stringify(cut(String(value), 60));
}
