/**
 * The filter `date`, for days only: English names, no time zone, no locale, the same result on each machine.
 * (Liquid's own filter asks Intl for each name, which takes four times as long as the rest of a reply.)
 */
import { type Day, isDay } from '../domain/day.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const DIRECTIVE = /%(-?)(.?)/gs;

/**
 * A day formatted by strftime directives: %Y %y %m %d %e %j %B %b %A %a %%, with `-` for no padding (%-d).
 * Throws for another directive, and for text that is no day.
 */
export function formatDay(day: Day, pattern = '%-d %B %Y'): string {
  if (!isDay(day)) throw new Error('the filter "date" takes a day, such as license.last_valid_day');
  const date = new Date(`${day}T00:00:00Z`);
  const month = MONTHS[date.getUTCMonth()] ?? '';
  const weekday = WEEKDAYS[date.getUTCDay()] ?? '';
  return pattern.replace(DIRECTIVE, (directive: string, minus: string, letter: string) => {
    const padded = (number: number, width = 2, fill = '0') =>
      minus ? String(number) : String(number).padStart(width, fill);
    switch (letter) {
      case 'Y':
        return String(date.getUTCFullYear());
      case 'y':
        return padded(date.getUTCFullYear() % 100);
      case 'm':
        return padded(date.getUTCMonth() + 1);
      case 'd':
        return padded(date.getUTCDate());
      case 'e':
        return padded(date.getUTCDate(), 2, ' ');
      case 'j':
        return padded((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1, 3);
      case 'B':
        return month;
      case 'b':
        return month.slice(0, 3);
      case 'A':
        return weekday;
      case 'a':
        return weekday.slice(0, 3);
      case '%':
        return '%';
      default:
        throw new Error(`the filter "date" knows no ${directive}: there are %Y %y %m %d %e %j %B %b %A %a`);
    }
  });
}
