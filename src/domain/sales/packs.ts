/**
 * Items that hold several units. A message may leave out what one of an item holds, such as an event of a subscription that has its
 * product as an id: then it holds what it held when the line was sold or told before.
 */
import type { Fact, FactBody } from '../facts/fact.ts';
import type { SaleLine } from './sale-lines.ts';

interface Line {
  readonly line?: string;
  readonly quantity?: number | null;
  readonly per?: number;
}

/** The facts of a subscription, in the order of their times. `lines`: those of its orders. */
export function withPacks(
  facts: readonly Fact[],
  lines: readonly Pick<SaleLine, 'path' | 'per'>[],
): readonly Fact[] {
  const held = new Map<string, number>();
  for (const { path, per } of lines) if (per !== undefined) held.set(path, per);
  if (held.size === 0 && !facts.some(({ body }) => linesIn(body).some(({ per }) => per !== undefined)))
    return facts;
  const counted = <T extends Line>(line: T): T => {
    const { line: path = '', per = held.get(path), quantity } = line;
    if (per === undefined) return line;
    held.set(path, per);
    return line.per !== undefined || quantity == null ? line : { ...line, quantity: quantity * per, per };
  };
  return facts.map((fact) => ({ ...fact, body: bodyOf(fact.body, counted) }));
}

function linesIn(body: FactBody): readonly Line[] {
  if (body.kind === 'announced') return [body];
  return body.kind === 'paid' ? [...(body.covers ?? []), ...(body.own === undefined ? [] : [body.own])] : [];
}

function bodyOf(body: FactBody, counted: <T extends Line>(line: T) => T): FactBody {
  if (body.kind === 'announced') return counted(body);
  if (body.kind !== 'paid') return body;
  const { covers, own } = body;
  return { ...body, ...(covers && { covers: covers.map(counted) }), ...(own && { own: counted(own) }) };
}
