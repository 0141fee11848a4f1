/** The API of OpenTelemetry, with its spans in memory. */
import type { TraceApi } from '../../src/service/traces.ts';

export interface Span {
  readonly name: string;
  readonly kind: number;
  readonly startTime: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly within: unknown;
  failed: boolean;
  ended: number;
}

/** The API with spans in memory. */
export function recordedTraces(): { readonly api: TraceApi; readonly spans: Span[] } {
  const spans: Span[] = [];
  const startSpan: ReturnType<TraceApi['trace']['getTracer']>['startSpan'] = (name, options, within) => {
    const span = { name, ...options, within, failed: false, ended: 0 } as Span;
    spans.push(span);
    return {
      setStatus: ({ code }) => {
        span.failed = code === 2;
      },
      end: (time) => {
        span.ended = time;
      },
    };
  };
  const api = {
    trace: { getTracer: () => ({ startSpan }) },
    context: { active: () => 'root' },
    propagation: {
      extract: (context: unknown, carrier: object) => (Object.keys(carrier).length > 0 ? carrier : context),
    },
    SpanKind: { SERVER: 1, PRODUCER: 3 },
    SpanStatusCode: { ERROR: 2 },
  };
  return { api, spans };
}
