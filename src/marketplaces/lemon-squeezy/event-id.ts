/** The identity of an event. Lemon Squeezy gives none, so it is made of what the event says. */
import { createHash } from 'node:crypto';
import { isRecord, type Loose } from '../loose.ts';

/**
 * The same for a repeated delivery, whose links are signed anew and whose webhook_id may differ. Of an object's states,
 * each has its own: times of change are not enough, because several states share one.
 */
export function eventIdOf(type: string, kind: string, id: string, { urls: _, ...attributes }: Loose): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(attributes)))
    .digest('hex');
  return `${type}:${kind}-${id}:${digest.slice(0, 32)}`;
}

/** The same value with the names of each object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, own]) => [name, sorted(own)]),
  );
}
