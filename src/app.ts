/** The app: the middleware in its order and the routes. */
import { Router } from '@koa/router';
import Koa from 'koa';
import { type EdgeParts, edge } from './http/edge.ts';
import { type FulfillmentParts, fulfillmentEndpoint } from './http/fulfillment.ts';
import { liveEndpoint, type Readiness, readyEndpoint } from './http/health.ts';
import { metricsEndpoint } from './http/metrics.ts';
import type { Context, RequestState } from './http/request.ts';
import { webhookEndpoint } from './http/webhook.ts';
import type { EventMarketplace, FulfillmentMarketplace } from './marketplaces/port.ts';

export interface AppParts extends EdgeParts, FulfillmentParts, Readiness {
  readonly ledger: FulfillmentParts['ledger'];
  readonly marketplaces: readonly FulfillmentMarketplace[];
  readonly eventMarketplaces: readonly EventMarketplace[];
  /** Believe X-Forwarded-* headers. */
  readonly trustProxy: boolean;
}

type Handler = (context: Context) => void | Promise<void>;

export function createApp(parts: AppParts) {
  const app = new Koa<RequestState>({ proxy: parts.trustProxy });
  app.on('error', (error: unknown) => parts.log.error({ err: error }, 'a response could not be sent'));
  const router = new Router<RequestState>();
  const route = (path: string, handler: Handler) =>
    router.all(path, (context) => {
      context.state.endpoint = path;
      return handler(context);
    });

  for (const marketplace of parts.marketplaces) {
    route(`/fulfillment/${marketplace.name}/:product`, fulfillmentEndpoint(marketplace, parts));
  }
  for (const marketplace of parts.eventMarketplaces) {
    route(`/webhooks/${marketplace.name}`, webhookEndpoint(marketplace, parts));
  }
  route('/health/live', liveEndpoint);
  route('/health/ready', readyEndpoint(parts));
  route('/metrics', metricsEndpoint(parts.metrics));

  return app.use(edge(parts)).use(router.routes());
}
