/**
 * The filter `date`, for days only: the names of the text's language, no time zone, the same result on each machine.
 * (Liquid's own filter asks Intl for each name, which takes four times as long as the rest of a reply.)
 */
import { type Day, isDay } from '../domain/values/day.ts';
import { ENGLISH, type Language } from './languages.ts';

const DIRECTIVE = /%(-?)(.?)/gs;

/**
 * A day formatted by strftime directives: %Y %y %m %d %e %j %B %b %A %a %%, with `-` for no padding (%-d).
 * Short names (%b, %a) exist in English alone. Throws for another directive, and for text that is no day.
 */
export function formatDay(day: Day, pattern?: string, language: Language = ENGLISH): string {
  if (!isDay(day)) throw new Error('the filter "date" takes a day, such as license.last_valid_day');
  const date = new Date(`${day}T00:00:00Z`);
  const month = language.months[date.getUTCMonth()] ?? '';
  const weekday = language.weekdays[date.getUTCDay()] ?? '';
  return (pattern ?? language.date).replace(DIRECTIVE, (directive: string, minus: string, letter: string) => {
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
        return short(month, directive, language);
      case 'A':
        return weekday;
      case 'a':
        return short(weekday, directive, language);
      case '%':
        return '%';
      default:
        throw new Error(`the filter "date" knows no ${directive}: there are %Y %y %m %d %e %j %B %b %A %a`);
    }
  });
}

function short(name: string, directive: string, language: Language): string {
  if (language === ENGLISH) return name.slice(0, 3);
  throw new Error(`the filter "date" knows ${directive} in English texts only`);
}
