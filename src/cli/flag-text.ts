/** Flags as the commands show them. */
import { type Flag, isSettledByItself } from '../domain/values/flag.ts';
import { timeText } from './license-text.ts';
import { printable, shortened } from './printable.ts';

export function flagJson({ at, settledAt, ...flag }: Flag) {
  return { ...flag, at: timeText(at), settledAt: settledAt === null ? null : timeText(settledAt) };
}

/** `by ada: goodwill`, `by itself: its cause is gone`. */
export function byText(settledBy: string | null | undefined): string {
  return isSettledByItself(settledBy ?? null) ? `${settledBy}` : `by ${settledBy ?? 'nobody'}`;
}

/** The flag, and below it the command that shows more. */
export function flagLines({
  id,
  at,
  marketplace,
  mode,
  kind,
  reason,
  order,
  product,
  event,
  settledAt,
  settledBy,
}: Flag): string {
  const about = [
    order !== null && `order ${shortened(order, 'reference')}`,
    product !== null && `product ${product}`,
    event !== null && `event ${shortened(event, 'reference')}`,
  ].filter(Boolean);
  const lines = [
    `${id}  ${timeText(at)}  ${marketplace} ${mode}  ${kind}: ${shortened(reason, 'reason')}`,
    about.length > 0 && `    ${about.join(', ')}`,
    settledAt !== null && `    settled ${timeText(settledAt)} ${byText(settledBy)}`,
  ];
  return lines.map((line) => (line === false ? '' : `${printable(line)}\n`)).join('');
}
