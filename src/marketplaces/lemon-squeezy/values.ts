/** Values as Lemon Squeezy writes them: RFC 3339 times with microseconds, and money as whole numbers of cents. */
import { type Day, dayOf } from '../../domain/day.ts';
import { booleanOf, type Loose, numberOf, textOf, timeOf } from '../loose.ts';
import { mainUnits } from '../minor-units.ts';

/** Milliseconds since 1970-01-01. */
export function momentIn(value: unknown): number | undefined {
  const text = textOf(value);
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, seconds = '', fraction = '0', zone = ''] = parts;
  const time = Date.parse(`${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`);
  return Number.isNaN(time) ? undefined : timeOf(time);
}
