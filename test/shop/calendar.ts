/** The model's own calendar: UTC days as text, implemented a second time to reveal errors in src/. */

export type Day = string;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function dayOf(time: number): Day {
  return new Date(time).toISOString().slice(0, 10);
}

/** 00:00 UTC. */
export function midnight(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

export function addDays(day: Day, days: number): Day {
  return dayOf(midnight(day) + days * DAY);
}

/** The same day of a later month, or that month's last day. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}
