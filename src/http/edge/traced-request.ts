/** A request as a trace shows it: no personal data, no code, no order. */

/** `endpoint` is the path as it is defined. */
export interface TracedRequest {
  readonly requestId: string;
  readonly method: string;
  readonly endpoint: string;
  readonly status: number;
  readonly outcome: string;
  /** Milliseconds since 1970-01-01. */
  readonly begun: number;
  readonly ended: number;
  /** W3C Trace Context of a trusted proxy. */
  readonly parent: Readonly<Record<string, string>>;
}

export interface RequestTraces {
  request(traced: TracedRequest): void;
}
