/** GET /metrics, for Prometheus. */
import type { Metrics } from '../metrics.ts';
import { allow, type Context } from './request.ts';

export function metricsEndpoint(metrics: Metrics) {
  return async (context: Context): Promise<void> => {
    allow(context, 'GET', 'HEAD');
    context.set('Content-Type', metrics.contentType);
    context.body = await metrics.text();
  };
}
