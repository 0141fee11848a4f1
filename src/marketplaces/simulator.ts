/** The port to a marketplace's simulator: makes the marketplace's calls for `mintmark simulate <name>`. */
import type { KeyObject } from 'node:crypto';
import { addPeriod, dayOf } from '../domain/values/day.ts';
import type { Product } from '../domain/values/product.ts';

/** The simulator's keys, made at the first start; the service has them too, and accepts its calls in mode test. */
export interface SimulatorKeys {
  /** For marketplaces that sign with an RSA key. */
  readonly privateKey: () => KeyObject;
  /** For marketplaces that share a secret with the seller. */
  readonly secret: () => string;
}

/** The simulator's keys in the service. */
export interface SharedKeys {
  readonly publicKey: KeyObject;
  readonly secret: string;
}

export interface Simulator {
  /** What is simulated, for the command's help. */
  readonly description: string;
  /** The id of a product file. */
  readonly product: { readonly required: boolean; readonly description: string };
  /** In addition to `--quantity`, `--url` and `--json`. */
  readonly options: readonly SimulatorOption[];
  /** The words after `simulate` for a first try with a product. */
  readonly example: (product: string) => string;
  /** What the command prints: the reply to the only call, or the order's licenses in the ledger after each call. */
  readonly shows: 'reply' | 'licenses';
  play(wanted: Wanted): Promise<Played>;
}

export interface SimulatorOption {
  /** `--order <id>`, or `--get` for an option without a value. */
  readonly flags: string;
  readonly description: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly required?: true;
}

export interface Wanted {
  /** Undefined only where it is not required. */
  readonly product: string | undefined;
  readonly quantity: number;
  /** By the option's long name in camel case. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  readonly products: () => Promise<readonly Product[]>;
  readonly keys: SimulatorKeys;
}

export interface Played {
  /** The order of the calls. */
  readonly order: string;
  readonly calls: readonly SimulatedCall[];
}

/** A call of the service: a POST, or a GET where there is no body. */
export interface SimulatedCall {
  /** The step in a person's words. */
  readonly title: string;
  /** After the service's URL, with the query. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A 200 delivers codes. */
  readonly delivers: boolean;
}

/** A text option, if it is given. */
export function textOption(options: Wanted['options'], name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Days of the product's term, so that each payment extends its license; a month for a perpetual license. */
export function periodOf({ term }: Product, now: number): number {
  const first = dayOf(now);
  const next = addPeriod(first, term === 'perpetual' ? 'P1M' : term);
  return (Date.parse(next) - Date.parse(first)) / 86_400_000;
}
