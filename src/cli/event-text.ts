/** Events as the commands show them. */
import type { KeptEvent } from '../domain/facts/event.ts';
import type { Flag } from '../domain/values/flag.ts';
import { flagJson } from './flag-text.ts';
import { timeText } from './license-text.ts';
import { printable, shortened } from './printable.ts';

/** `flags`: the open flags of the event. */
export function eventJson(
  { at, receivedAt, payload, ...event }: KeptEvent,
  flags: readonly Flag[],
  personal: boolean,
) {
  return {
    ...event,
    at: timeText(at),
    receivedAt: timeText(receivedAt),
    flags: flags.map(flagJson),
    ...(personal && { payload }),
  };
}

/** One line for the event, and one line for each flag with its reason, order and product. */
export function eventLine(event: KeptEvent, flags: readonly Flag[]): string {
  const { id, marketplace, mode, type, receivedAt, outcome, fault, flagged, attempts } = event;
  const marks = [outcome, flagged && 'flagged', attempts > 1 && `${attempts} attempts`, fault].filter(
    Boolean,
  );
  const head = `${timeText(receivedAt)}  ${marketplace} ${mode}  ${type}  ${id}  ${marks.join(', ')}`;
  return [head, ...flags.map(flagLine)].map((line) => `${printable(line)}\n`).join('');
}

function flagLine({ id, kind, reason, order, product }: Flag): string {
  const about = [
    order !== null && `order ${shortened(order, 'reference')}`,
    product !== null && `product ${product}`,
  ].filter(Boolean);
  return `    flag ${id}, ${kind}: ${shortened(reason, 'reason')}${about.length === 0 ? '' : ` (${about.join(', ')})`}`;
}
