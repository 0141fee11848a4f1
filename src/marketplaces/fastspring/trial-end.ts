/** The trial that a license request reports (36). FastSpring's parameters for a trial are not documented. */
import { addPeriod, type Day, dayOf, FIRST_DAY, holdable, isDay } from '../../domain/values/day.ts';
import type { Product } from '../../domain/values/product.ts';
import { timeOf } from '../loose.ts';
import { NO, type Parameters } from './parameters.ts';

/** `boundless`: a trial whose length neither the request nor the product file states. */
export type Trial = { readonly end: Day } | 'boundless' | undefined;

/**
 * `trialEnd` is the last day of the trial; `trial`, or `sequence` 0, marks a trial. Throws AppError
 * `malformed_request` for a `trialEnd` that is no date.
 */
export function readTrial(parameters: Parameters, product: Product, now: number): Trial {
  const trial = parameters.get('trial')?.toLowerCase();
  if (trial !== undefined && NO.has(trial)) return undefined;
  const told = parameters.get('trialEnd');
  if (told !== undefined && !NO.has(told.toLowerCase()))
    return { end: dayIn(told) ?? parameters.refuse('trialEnd', told, EXPECTED) };
  if (trial === undefined && !/^0+$/.test(parameters.get('sequence') ?? '')) return undefined;
  if (product.trialTerm === undefined) return 'boundless';
  return { end: addPeriod(dayOf(now), product.trialTerm) };
}

const EXPECTED = 'a date such as 2027-01-31, or milliseconds since 1970-01-01';

function dayIn(text: string): Day | undefined {
  const day = text.slice(0, 10);
  if (isDay(day) && (text.length === 10 || /^[T ]\d/.test(text.slice(10))))
    return day >= FIRST_DAY ? holdable(day) : undefined;
  const time = /^\d{1,15}$/.test(text) ? timeOf(text) : undefined;
  return time === undefined ? undefined : dayOf(time);
}
