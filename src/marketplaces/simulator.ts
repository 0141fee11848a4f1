/** What a marketplace's simulator plays: calls as the marketplace would make them, for `mintmark simulate <name>`. */
import type { KeyObject } from 'node:crypto';
import type { Product } from '../domain/product.ts';

/** What the simulator signs with, made at the first start: the service has it too, and takes its calls for mode test. */
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
  /** What is played, for the command's help. */
  readonly description: string;
  /** The id of a product file. */
  readonly product: { readonly required: boolean; readonly description: string };
  /** In addition to `--quantity`, `--url` and `--json`. */
  readonly options: readonly SimulatorOption[];
  /** The words behind `simulate` of a first try with a product. */
  readonly example: (product: string) => string;
  /** What the command prints: the reply to the only call, or the order's licenses in the ledger after each call. */
  readonly shows: 'reply' | 'licenses';
  play(wanted: Wanted): Promise<Played>;
}

export interface SimulatorOption {
  /** `--order <id>`, or `--get` for one without a value. */
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
  /** The order that the calls are about. */
  readonly order: string;
  readonly calls: readonly SimulatedCall[];
}

/** A call of the service: a POST, or a GET where there is no body. */
export interface SimulatedCall {
  /** What a person would say has happened. */
  readonly title: string;
  /** Behind the service's URL, with the query. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A 200 hands out codes. */
  readonly delivers: boolean;
}

/** A text option, where it was given. */
export function textOption(options: Wanted['options'], name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
