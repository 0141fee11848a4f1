/** `--marketplace` and `--mode`: which order is meant where two markets use the same id. */
import { type Command, Option } from 'commander';
import type { Ledger } from '../domain/ledger.ts';
import { MANUAL, type Marketplace, type Mode, type OrderName } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';

export interface MarketOptions {
  readonly marketplace?: Marketplace;
  readonly mode?: Mode;
}

export function marketplaceOption(says: string): Option {
  const names = MARKETPLACES.map(({ name }) => name);
  return new Option('--marketplace <name>', says).choices([...names, MANUAL]);
}

/** Adds both options to a command about one order. */
export function withMarket(command: Command): Command {
  return command
    .addOption(marketplaceOption('the marketplace, if two use this order number'))
    .addOption(
      new Option('--mode <mode>', 'the mode, if both have this order number').choices(['live', 'test']),
    );
}

/** Undefined: the ledger has no such order. Throws AppError `bad_usage` if several markets have one. */
export async function findOrderName(
  ledger: Ledger,
  order: string,
  { marketplace, mode }: MarketOptions,
): Promise<OrderName | undefined> {
  const { licenses, owed } = await ledger.showOrder(order);
  const names = [...licenses, ...owed].filter(
    (each) =>
      each.order === order &&
      (marketplace === undefined || each.marketplace === marketplace) &&
      (mode === undefined || each.mode === mode),
  );
  const markets = new Map(
    names.map((name) => [`--marketplace ${name.marketplace} --mode ${name.mode}`, name]),
  );
  if (markets.size > 1) {
    const choices = [...markets.keys()].join(', or ');
    throw new AppError('bad_usage', `Several orders have the number ${order}: add ${choices}.`);
  }
  const [name] = markets.values();
  return name && { marketplace: name.marketplace, mode: name.mode, order };
}
