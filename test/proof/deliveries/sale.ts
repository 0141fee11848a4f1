/** A made-up sale: what was bought, and every call that its marketplace makes of it, in the marketplace's order. */
import type { readSimulatorKey } from '../../../src/keyring/simulator-key.ts';

/** The day of all sales, milliseconds since 1970-01-01; what is told of them is told in its first hours. */
export const SALES_DAY = Date.UTC(2026, 10, 20);

export interface FastSpringEvent {
  readonly id: string;
  readonly created: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Call = {
  /** 0: at any time. One of a higher round is made when all of the lower rounds were heard at least once. */
  readonly round: number;
} & (
  | {
      readonly kind: 'request';
      readonly path: string;
      readonly form: string;
      readonly method: 'GET' | 'POST';
      /** What each whole answer to it must be the same as. */
      readonly name: string;
    }
  | { readonly kind: 'alert'; readonly form: string }
  | { readonly kind: 'event'; readonly event: FastSpringEvent }
);

export interface Sale {
  readonly order: string;
  /** How many licenses of each product there must be in the end. */
  readonly units: Readonly<Record<string, number>>;
  /** Each request gets any one of so many units, instead of all. */
  readonly apart: number | undefined;
  readonly calls: readonly Call[];
}

export interface Signing {
  readonly paddle: ReturnType<typeof readSimulatorKey>;
  readonly fastSpring: string;
}
