/** When a customer is reminded that a license runs out. It is a due date of the license, so a renewal moves it. */
import type { Found, Market } from '../changes.ts';
import type { Rules } from '../rules.ts';
import { type Day, startOfDay, subtractPeriod } from '../values/day.ts';
import type { Standing } from './standing.ts';

/** Milliseconds since 1970-01-01; undefined: no reminder. `lastValid`: of the newest code. */
export function reminderTime(
  { product, lastValid }: { readonly product: string; readonly lastValid: Day | null },
  { marketplace, mode }: Market,
  { announce }: Pick<Rules, 'announce'>,
): number | undefined {
  if (announce === undefined || lastValid === null) return undefined;
  const sale = { product, marketplace, mode };
  const period = announce.remindBefore(sale);
  if (period === undefined || announce.mail('reminder', sale) === undefined) return undefined;
  return startOfDay(subtractPeriod(lastValid, period));
}

/** The time has come with this act: until now the license waited for it, or for an earlier day. */
export function isReminded(
  { product, code, dueBefore }: Pick<Standing, 'product' | 'code' | 'dueBefore'>,
  market: Market,
  rules: Pick<Rules, 'announce' | 'minter'>,
  now: number,
): boolean {
  if (dueBefore === null || dueBefore > now) return false;
  const { lastValid } = rules.minter.entitlementOf(code);
  const time = reminderTime({ product, lastValid }, market, rules);
  return (
    time !== undefined &&
    dueBefore <= time &&
    time <= now &&
    lastValid !== null &&
    now < startOfDay(lastValid)
  );
}

/** The earliest due moment of licenses of which one is due for its reminder; undefined: none is. */
export function reminderMoment(
  { licenses, market }: Found,
  rules: Pick<Rules, 'announce' | 'minter'>,
  now: number,
): number | undefined {
  if (rules.announce === undefined) return undefined;
  const due = licenses.filter((license) => license.due !== null && license.due <= now);
  const isReminder = due.some(({ product, code, due: moment }) => {
    const { lastValid } = rules.minter.entitlementOf(code);
    return reminderTime({ product, lastValid }, market, rules) === moment;
  });
  return isReminder ? Math.min(...due.map((license) => license.due ?? now)) : undefined;
}
