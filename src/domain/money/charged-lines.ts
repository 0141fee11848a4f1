/** The lines of a charge, as its returns are held against them. */
import type { Subject } from '../facts/fact.ts';
import { orderSubject } from '../values/order-subject.ts';
import type { View } from '../view.ts';

/** A line of a charge. */
export interface ChargedLine extends Charged {
  /** As returns name it. */
  readonly line: string;
  readonly subscription?: string | undefined;
  /** What the charge was for by this line of all subscriptions, if of several: a return may not say of which. */
  readonly shared?: Charged | undefined;
}

/** undefined: not stated. */
interface Charged {
  readonly quantity: number | undefined;
  /** Net, of all units. */
  readonly price: number | undefined;
  /** The units that a piece of it holds, where it is more than 1: returns count pieces. */
  readonly per?: number | undefined;
  /** It began a trial. */
  readonly trial?: boolean | undefined;
}

/** `subscription`: of which the line is asked; undefined: of none, or of any. */
export function chargedLine(
  charge: Subject,
  line: string,
  subscription: string | undefined,
  view: Pick<View, 'lines' | 'names' | 'subscriptions'>,
): ChargedLine {
  const charged = new Map([...coveredBy(charge, line, view), ...soldIn(charge, line, view)]);
  const own = charged.get(subscription ?? null) ?? [...charged.values()][0];
  const shared = charged.size > 1 ? [...charged.values()].reduce(add) : undefined;
  return {
    line,
    subscription,
    quantity: own?.quantity,
    price: own?.price,
    ...packOf(own),
    ...(own?.trial && { trial: true }),
    ...(shared && { shared }),
  };
}

/** By subscription; null: none. */
type ByPayer = readonly (readonly [string | null, Charged])[];

function soldIn(charge: Subject, line: string, { lines, names }: Pick<View, 'lines' | 'names'>): ByPayer {
  return lines
    .filter(({ path, order }) => path === line && names.of(orderSubject(order)) === charge)
    .map(({ subscription, units, price, per, trial }) => [
      subscription,
      { quantity: units, price, ...packOf({ per }), ...(trial && { trial }) },
    ]);
}

function coveredBy(
  charge: Subject,
  line: string,
  { names, subscriptions }: Pick<View, 'names' | 'subscriptions'>,
): ByPayer {
  return [...names.chargedTo(charge)].flatMap((id) => {
    const covered = (subscriptions.get(id)?.facts ?? []).flatMap(({ body }) =>
      body.kind === 'paid' && body.charge !== undefined && names.of(body.charge) === charge
        ? (body.covers?.filter((each) => each.line === line) ?? [])
        : [],
    );
    return covered.map(
      ({ quantity, per }) => [id, { quantity, price: undefined, ...packOf({ per }) }] as const,
    );
  });
}

function add(a: Charged, b: Charged): Charged {
  const per = a.per ?? b.per;
  return { quantity: sum(a.quantity, b.quantity), price: sum(a.price, b.price), ...packOf({ per }) };
}

function packOf(line: Pick<Charged, 'per'> | undefined): Pick<Charged, 'per'> {
  return line?.per === undefined ? {} : { per: line.per };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
