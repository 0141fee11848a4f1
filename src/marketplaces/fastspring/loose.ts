/** Reads JSON whose shapes differ from one delivery to the next: what is not as expected is not there. */

export type Loose = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; of none where it is no list. */
export function listOf(value: unknown): Loose[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/**
 * A text that says something; a number in it stays as it was written. JSON can hold half of a character, which no ledger
 * can: it would read back as another text than was sealed.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toWellFormed() : undefined;
}

/** A number, or a text that is one. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The id of a reference, which is text, or an object when webhook expansion is on (`id`, or its own kind's name). */
export function idOf(reference: unknown): string | undefined {
  if (!isRecord(reference)) return textOf(reference);
  for (const name of ['id', 'order', 'subscription', 'product', 'account']) {
    const id = textOf(reference[name]);
    if (id !== undefined) return id;
  }
  return undefined;
}
