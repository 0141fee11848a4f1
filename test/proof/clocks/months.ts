/** Adds calendar months without a library, to check the service's dates. */

/** The day so many months after a day `YYYY-MM-DD`; where that month is too short, its last day. */
export function addMonths(text: string, months: number): string {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const count = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(count / 12), count % 12];
  const february = (toYear % 4 === 0 && toYear % 100 !== 0) || toYear % 400 === 0 ? 29 : 28;
  const lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const toDay = Math.min(day, lengths[toMonth] ?? 0);
  return [toYear, toMonth + 1, toDay].map((number) => String(number).padStart(2, '0')).join('-');
}
