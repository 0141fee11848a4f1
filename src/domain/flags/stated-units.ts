/**
 * Quantities that events state of one line of an order. One statement of a sale counts (fact-order.ts); another quantity is
 * kept as a note, so that a person is told of both, whichever came first.
 */
import type { Fact, FactBody, Subject } from '../facts/fact.ts';
import { byTime } from '../facts/fact-order.ts';
import type { Evaluated } from '../life/evaluate.ts';
import type { SaleLine } from '../sales/sale-lines.ts';
import { orderIdOf, orderOf, subscriptionOf } from '../values/order-subject.ts';
import type { View } from '../view.ts';
import type { WantedFlag } from './wanted-flag.ts';

type StatedUnits = NonNullable<Extract<FactBody, { kind: 'noted' }>['units']>;

/**
 * A note for each quantity of a line, where an event states another one than the known version of its fact. `find`: that
 * version.
 */
export function notesOfUnits(
  facts: readonly Fact[],
  find: (fact: Fact) => Fact | undefined,
): readonly Fact[] {
  return facts.flatMap((fact) => {
    const stated = statedIn(fact);
    const before = stated.length === 0 ? undefined : find(fact);
    if (before === undefined) return [];
    const known = statedIn(before);
    return stated.flatMap((units) => {
      const other = known.find(({ line }) => line === units.line);
      return other === undefined || other.quantity === units.quantity
        ? []
        : [noteOf(before, other), noteOf(fact, units)];
    });
  });
}

/** The notes of a fact's quantities, as they are kept once another version of it states others. */
export function notesOf(fact: Fact): readonly Fact[] {
  return statedIn(fact).map((units) => noteOf(fact, units));
}

function noteOf(fact: Fact, units: StatedUnits): Fact {
  const { of, line, quantity } = units;
  const note = `an event states ${quantity} units of ${line || 'the order'}, and another event another number`;
  return { ...fact, key: `units:${of}:${line}:${quantity}`, body: { kind: 'noted', note, units } };
}

/** What a fact says was sold or paid; a failed fulfillment is a part of its sale, and a placeholder or an assumed quantity states nothing. */
function statedIn({ subject, key: of, body }: Fact): readonly StatedUnits[] {
  switch (body.kind) {
    case 'sold':
      return body.failed === true || body.awaits !== undefined || body.assumed === true
        ? []
        : [{ of, order: subject, line: body.line ?? '', product: body.product, quantity: body.quantity }];
    case 'confirmed':
      return [
        { of, order: subject, line: body.line ?? '', product: body.product ?? null, quantity: body.quantity },
      ];
    case 'paid':
      return body.charge === undefined ? [] : coveredBy(of, body.charge, body);
    case 'resized':
      return body.quantity === null
        ? []
        : [{ of, order: subject, line: body.line ?? '', product: body.product, quantity: body.quantity }];
    case 'noted':
      return body.units === undefined ? [] : [body.units];
    default:
      return [];
  }
}

function coveredBy(
  of: string,
  order: StatedUnits['order'],
  { covers = [] }: Extract<FactBody, { kind: 'paid' }>,
): readonly StatedUnits[] {
  return covers.map(({ line, product, quantity }) => ({ of, order, line, product, quantity }));
}

interface Statement {
  readonly fact: Fact;
  readonly units: StatedUnits;
}

/** Flags a line of which events state different quantities. `facts`: also those that repeat a fact under another name of the order. */
export function unitsFlags(
  facts: readonly Fact[],
  { names, lines }: Pick<View, 'names' | 'lines'>,
  evaluated: readonly Evaluated[],
): readonly WantedFlag[] {
  const ofLines = new Map<string, Statement[]>();
  for (const fact of facts) {
    for (const units of statedIn(fact)) {
      const name = `${names.of(units.order)}\n${units.line}`;
      const stated = ofLines.get(name);
      if (stated === undefined) ofLines.set(name, [{ fact, units }]);
      else stated.push({ fact, units });
    }
  }
  return [...ofLines.values()].flatMap((stated): WantedFlag[] => {
    const quantities = differentQuantities(stated);
    const latest = [...stated].sort((a, b) => byTime(a.fact, b.fact)).at(-1);
    if (quantities.length < 2 || latest === undefined) return [];
    const { line } = latest.units;
    const name = names.of(latest.units.order);
    const { order, sale } = saleOf(name, line, lines);
    const product = sale?.product ?? latest.units.product;
    // The account may sell other products.
    if (product === null) return [];
    const counted = quantities.find((quantity) => quantity === sale?.quantity);
    const told =
      counted === undefined
        ? 'see which of them was paid for'
        : `${counted} count${surplusOf(counted, evaluated, sale)}`;
    const reason = `Order ${order}, ${product}: events state ${quantities.join(' and ')} units: ${told}`;
    const key = `units:${order}:${line}:${quantities.join()}`;
    return [{ key, kind: 'differs', reason, order, product, cause: latest.fact.cause }];
  });
}

/** Units that were issued because the event came first that does not count. */
function surplusOf(counted: number, evaluated: readonly Evaluated[], sale: SaleLine | undefined): string {
  const live = evaluated.filter(
    ({ line, terms, outcome: { state } }) =>
      line === sale && terms.quantity === 'codes' && state !== 'revoked' && state !== 'ended',
  );
  return live.length > counted ? `, and ${live.length} have licenses: nothing was revoked` : '';
}

/** What a person knows the statement by: its order, or the first order of its subscription. */
function saleOf(
  name: Subject,
  line: string,
  lines: readonly SaleLine[],
): { readonly order: string; readonly sale?: SaleLine | undefined } {
  const subscription = subscriptionOf(name);
  if (subscription !== undefined)
    return { order: lines.find((one) => one.subscription === subscription)?.order ?? name };
  const order = orderOf(name) ?? orderIdOf(name) ?? name;
  return { order, sale: lines.find((one) => one.order === order && (one.path === line || one.path === '')) };
}

/** The quantities that versions of one fact state, or sales that are told under two names of the order, such as its invoice. */
function differentQuantities(stated: readonly Statement[]): readonly number[] {
  const ofFact = new Map<string, Set<number>>();
  const sums = new Map<string, number>();
  const seen = new Set<string>();
  for (const { fact, units } of stated) {
    const { of, order, quantity } = units;
    ofFact.set(of, (ofFact.get(of) ?? new Set()).add(quantity));
    if (fact.body.kind !== 'sold' || seen.size === seen.add(`${order}\n${of}`).size) continue;
    sums.set(order, (sums.get(order) ?? 0) + quantity);
  }
  const differing = [...ofFact.values(), new Set(sums.values())].filter(({ size }) => size > 1);
  return [...new Set(differing.flatMap((quantities) => [...quantities]))].sort((a, b) => a - b);
}
