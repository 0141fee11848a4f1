/** The steps of a sequence: what a shop, a customer and a seller do one after the other. */

export type Fields = Readonly<Record<string, string | number | undefined>>;

/** One event of a FastSpring delivery; missing fields get defaults. */
export interface ToldEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly live?: boolean;
  readonly created?: number | string;
}

export type Step =
  /** A Paddle fulfillment request for a product. */
  | { readonly paddle: string; readonly fields: Fields; readonly keep?: string }
  | { readonly alert: Fields }
  /** A FastSpring license request for a product. */
  | { readonly request: string; readonly fields: Fields; readonly keep?: string }
  | { readonly events: readonly ToldEvent[] }
  | { readonly find: string }
  | { readonly cli: readonly string[] }
  | { readonly refresh: string }
  | { readonly read: string; readonly args: readonly string[] }
  | { readonly list: string }
  /** Product files by id, changed or (null) deleted. */
  | { readonly restart: Readonly<Record<string, string | null>> }
  /** Moves the clock by a span such as `20d` and applies what is due. */
  | { readonly wait: string }
  | { readonly note: string };

export interface Sequence {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The result of a step. */
export interface Played {
  readonly step: Step;
  /** The HTTP status, or a command's exit status; 0: none. */
  readonly status: number;
  readonly text: string;
}
