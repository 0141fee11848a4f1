/** A fault of zod in the words of the author of a file. */
import type { z } from 'zod';
import { didYouMean } from '../message/nearest.ts';

export interface IssueFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Each unknown key becomes a fault of its own. `knownAt`: the keys that are known at a place such as
 * `marketplaces.shop`; '' is the whole, which the message calls `whole`.
 */
export function explainIssue(
  issue: z.core.$ZodIssue,
  knownAt: (place: string) => readonly string[],
  whole: string,
): IssueFault[] {
  const { path } = issue;
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const named = place.replace(/^\./, '');
  if (issue.code === 'unrecognized_keys') {
    const known = knownAt(named);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `${named ? `${named}.` : ''}${key}: there is no such key${didYouMean(key, known) || `; there are ${known.join(', ')}`}`,
    }));
  }
  if (issue.code === 'invalid_type')
    return [{ path, message: `${named ? `${named}:` : whole} ${explainType(issue)}` }];
  return [{ path, message: `${named}: ${issue.message}` }];
}

function explainType(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.endsWith('received undefined')) return 'is missing';
  if (issue.expected === 'array') return 'must be a list, such as [one, two]';
  if (issue.expected === 'object') return 'must be lines of "key: value"';
  return 'must be a single value';
}
