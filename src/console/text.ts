/** Times, days and numbers in words, as every screen writes them. All times are UTC. */
import type { Day } from '../domain/values/day.ts';

const LOCALE = 'en-GB';
const ZONE = { timeZone: 'UTC' } as const;
const LONG_DAY = new Intl.DateTimeFormat(LOCALE, { ...ZONE, day: 'numeric', month: 'long', year: 'numeric' });
const WEEKDAY = new Intl.DateTimeFormat(LOCALE, {
  ...ZONE,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const CLOCK = new Intl.DateTimeFormat(LOCALE, { ...ZONE, hour: '2-digit', minute: '2-digit' });
/** Three letters each: the British short form of September has four. */
const MONTH = new Intl.DateTimeFormat('en-US', { ...ZONE, month: 'short' });
const NUMBER = new Intl.NumberFormat('en');

/** `8 November 2026`. */
export function longDay(day: Day): string {
  return LONG_DAY.format(Date.parse(`${day}T00:00:00Z`));
}

/** `Thursday, 26 November 2026, 12:10 UTC`. */
export function momentText(at: number): string {
  return `${WEEKDAY.format(at).replace(/^(\w+) /, '$1, ')}, ${clock(at)} UTC`;
}

/** `12:10`. */
export function clock(at: number): string {
  return CLOCK.format(at);
}

/** `Nov`. */
export function monthName(day: Day): string {
  return MONTH.format(Date.parse(`${day}T00:00:00Z`));
}

/** The clock today, `yesterday`, or the day. */
export function shortTime(at: number, now: number): string {
  const day = (moment: number) => Math.floor(moment / 86_400_000);
  if (day(at) === day(now)) return clock(at);
  return day(at) === day(now) - 1 ? 'yesterday' : LONG_DAY.format(at);
}

/** `3 min ago`. */
export function ago(at: number, now: number): string {
  const minutes = Math.max(0, Math.round((now - at) / 60_000));
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}

/** `2,914`. */
export function grouped(value: number): string {
  return NUMBER.format(value);
}

/** `2,914 licenses`, `1 license`. */
export function groupedThings(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
}

const WORDS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];

/** `Two licenses`, `One license`, `14 licenses`: the beginning of a sentence. */
export function countedThings(count: number, one: string, several = `${one}s`): string {
  return `${WORDS[count] ?? grouped(count)} ${count === 1 ? one : several}`;
}
