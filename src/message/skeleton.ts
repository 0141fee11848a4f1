/**
 * Liquid takes 50 µs for a reply, as long as its signature, and mostly for parts that all orders of a day share. So
 * each kind of order is rendered once, with slots for codes, order id, name and e-mail address, which later replies
 * fill. Only for texts that print these values unchanged or ask whether the customer's are known: a text that filters
 * or compares them has no skeleton.
 */
import type { Template, Variable } from 'liquidjs';
import { liquid } from './liquid.ts';
import { isSoldCode, lettersIn, roomOf } from './unsold-codes.ts';

/** In an order with these values, no slot is part of another slot, and no text of a template looks like a slot. */
const SLOT = /\ue000(\d+)\ue001/;

/** The escaping leaves a slot unchanged. */
export function slot(index: number): string {
  return `\ue000${index}\ue001`;
}

/** A reply split at its slots: text, slot, text, …, text. */
export interface Skeleton {
  readonly texts: readonly string[];
  readonly slots: readonly number[];
  /** Letters that values may add (unsold-codes.ts). */
  readonly room: number;
}

export function toSkeleton(reply: string): Skeleton {
  const parts = reply.split(SLOT);
  const texts = parts.filter((_, index) => index % 2 === 0);
  return {
    texts,
    slots: parts.filter((_, index) => index % 2 === 1).map(Number),
    room: roomOf(texts),
  };
}

export function fill({ texts, slots }: Skeleton, values: readonly string[]): string {
  let reply = texts[0] ?? '';
  for (let index = 0; index < slots.length; index++) {
    reply += (values[slots[index] ?? -1] ?? '') + (texts[index + 1] ?? '');
  }
  return reply;
}

/** Whether it is proven that a reader of the filled skeleton finds no other codes than `codes`, whose slots begin at `firstCode`. */
export function holdsOnly(
  codes: readonly string[],
  { slots, room }: Skeleton,
  values: readonly string[],
  firstCode: number,
): boolean {
  let left = room;
  for (const slot of slots) if (slot < firstCode) left -= lettersIn(values[slot] ?? '');
  return left >= 0 && codes.every(isSoldCode);
}

/** Whether each use of an open value prints it unchanged, loops over it, or asks whether it is known. */
export function canHaveSlots(template: Template[], body: string): boolean {
  // A captured text could be filtered with a value in it.
  if (/\{%-?\s*(?:capture|liquid)\b/.test(body)) return false;
  const loops = new Set([...body.matchAll(/\bfor\s+([\w-]+)\s+in\s+codes\b/g)].map(([, name]) => name));
  const starts = lineStarts(body);
  const { variables } = liquid.analyzeSync(template, { partials: false });
  return Object.values(variables)
    .flat()
    .every((variable) => {
      const { row, col } = variable.location;
      return isOpenlyUsed(variable, loops, body, (starts[row - 1] ?? 0) + col - 1);
    });
}

function isOpenlyUsed(
  variable: Variable,
  loops: ReadonlySet<unknown>,
  body: string,
  position: number,
): boolean {
  const path = variable.segments.join('.');
  const [root] = variable.segments;
  if (path === 'codes.size') return true;
  const asked = path === 'customer.name' || path === 'customer.email';
  const open = asked || path === 'order.id' || root === 'codes' || loops.has(root);
  // The whole of order or customer, or a name by way of another name, is beyond this analysis.
  if (!open)
    return (root !== 'order' && root !== 'customer') || path === 'order.quantity' || path === 'order.test';
  if (!body.startsWith(path, position)) return false;
  // Only from the last tag on: the expressions below search for its opening, and would scan the whole text.
  const before = body.slice(Math.max(body.lastIndexOf('{', position) - 1, 0), position);
  const after = body.slice(position + path.length);
  if (path !== 'codes' && /\{\{-?\s*$/.test(before) && /^\s*-?\}\}/.test(after)) return true;
  if (asked) return /\{%-?\s*(?:if|elsif|unless)\s+$/.test(before) && /^\s*-?%\}/.test(after);
  return (
    path === 'codes' && /\bfor\s+[\w-]+\s+in\s+$/.test(before) && /^(?:\s+reversed)?\s*-?%\}/.test(after)
  );
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
