/** Retry-After (RFC 9110, 10.2.3): seconds or a date. */

const DAY = 24 * 60 * 60 * 1000;

/** When to try again, at most a day from now (milliseconds since 1970-01-01); undefined for what says nothing. */
export function retryMoment(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const moment = /^\d{1,10}$/.test(header) ? now + Number(header) * 1000 : Date.parse(header);
  return Number.isNaN(moment) || moment <= now ? undefined : Math.min(moment, now + DAY);
}
