/** Reads the free trial with which a membership begins. */
import { type Day, dayOf } from '../../domain/values/day.ts';
import { booleanOf, type Loose, textOf } from '../loose.ts';
import { dayIn } from '../rfc3339.ts';

/**
 * The last day of the trial that a first sale begins, whatever its price says; undefined: it begins none. All sales of the
 * subscription state it.
 */
export function trialIn(sale: Loose): Day | 'unstated' | undefined {
  const text = textOf(sale['free_trial_ends_on']);
  if (text !== undefined) return dayIn(text) ?? dayWritten(text) ?? 'unstated';
  return booleanOf(sale['free_trial_ended']) === undefined ? undefined : 'unstated';
}

/** The API writes it for people: `Jan 24, 2026`. A day as in a ping counts too. */
function dayWritten(text: string): Day | undefined {
  if (!/^(?:[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)$/.test(text)) return undefined;
  const time = Date.parse(`${text} UTC`);
  return Number.isNaN(time) ? undefined : dayOf(time);
}
