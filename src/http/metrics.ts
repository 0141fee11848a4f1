/** GET /metrics, for Prometheus. */
import type { Metrics } from '../metrics.ts';
import type { Endpoint } from './edge/endpoint.ts';
import { text } from './edge/schemas.ts';

export function metricsEndpoint(metrics: Metrics): Endpoint {
  return {
    path: '/metrics',
    get: {
      tag: 'for operators',
      summary: "All counters, in Prometheus' text format",
      answers: { 200: { description: 'Metrics', content: { [metrics.contentType]: text } } },
      problems: [],
    },
    handle: async (context) => {
      context.set('Content-Type', metrics.contentType);
      context.body = await metrics.text();
    },
  };
}
