/** Spans of requests and of the outbox's tries, by the API of OpenTelemetry: no personal data, no code, no order. */
import type { TracedRequest } from '../http/edge/traced-request.ts';

/** One try of an announcement. */
export interface TracedTry {
  readonly channel: string;
  readonly topic: string;
  readonly outcome: string;
  readonly begun: number;
  readonly ended: number;
}

/** The part of @opentelemetry/api that is used. */
export interface TraceApi {
  readonly trace: { getTracer(name: string): Tracer };
  readonly context: { active(): unknown };
  readonly propagation: { extract(context: unknown, carrier: object): unknown };
  readonly SpanKind: { readonly SERVER: number; readonly PRODUCER: number };
  readonly SpanStatusCode: { readonly ERROR: number };
}

interface Tracer {
  startSpan(
    name: string,
    options: { readonly kind: number; readonly startTime: number; readonly attributes: object },
    context: unknown,
  ): { setStatus(status: { readonly code: number }): unknown; end(time: number): void };
}

interface SpanOf {
  readonly kind: number;
  readonly begun: number;
  readonly ended: number;
  readonly attributes: object;
  readonly hasFailed: boolean;
  readonly parent: object;
}

/** A span is made when its end is known: nothing waits for it. */
export class Traces {
  readonly #api: TraceApi;
  readonly #tracer: Tracer;

  constructor(api: TraceApi) {
    this.#api = api;
    this.#tracer = api.trace.getTracer('mintmark');
  }

  request({ requestId, method, endpoint, status, outcome, ...times }: TracedRequest): void {
    this.#span(`${method} ${endpoint}`, {
      ...times,
      kind: this.#api.SpanKind.SERVER,
      attributes: {
        'http.request.method': method,
        'http.route': endpoint,
        'http.response.status_code': status,
        'mintmark.outcome': outcome,
        'mintmark.request': requestId,
      },
      hasFailed: status >= 500,
    });
  }

  tried({ channel, topic, outcome, ...times }: TracedTry): void {
    this.#span(`outbox ${channel}`, {
      ...times,
      kind: this.#api.SpanKind.PRODUCER,
      attributes: { 'mintmark.channel': channel, 'mintmark.topic': topic, 'mintmark.outcome': outcome },
      hasFailed: outcome !== 'sent',
      parent: {},
    });
  }

  #span(name: string, { kind, begun, ended, attributes, hasFailed, parent }: SpanOf): void {
    const { context, propagation, SpanStatusCode } = this.#api;
    const within = propagation.extract(context.active(), parent);
    const span = this.#tracer.startSpan(name, { kind, startTime: begun, attributes }, within);
    if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(ended);
  }
}
