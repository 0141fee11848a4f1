/** A made-up sale: the purchase, and every call of its marketplace, in the marketplace's order. */
import type { readSimulatorKey } from '../../../src/keyring/simulator-key.ts';

/** The day of all sales, milliseconds since 1970-01-01; all events are of its first hours. */
export const SALES_DAY = Date.UTC(2026, 10, 20);

export interface FastSpringEvent {
  readonly id: string;
  readonly created: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Call = {
  /** 0: at any time. A call of a higher round follows after all calls of lower rounds arrived at least once. */
  readonly round: number;
} & (
  | {
      readonly kind: 'request';
      readonly path: string;
      readonly form: string;
      readonly method: 'GET' | 'POST';
      /** The key of the text that each complete answer must equal. */
      readonly name: string;
    }
  | { readonly kind: 'alert'; readonly form: string }
  | { readonly kind: 'event'; readonly event: FastSpringEvent }
);

export interface Sale {
  readonly order: string;
  /** The number of licenses of each product in the end. */
  readonly units: Readonly<Record<string, number>>;
  /** Each request gets any one of so many units, instead of all. */
  readonly apart: number | undefined;
  readonly calls: readonly Call[];
}

export interface Signing {
  readonly paddle: ReturnType<typeof readSimulatorKey>;
  readonly fastSpring: string;
}
