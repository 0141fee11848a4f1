/** The app: the middleware in its order and the routes. */

import { createRequire } from 'node:module';
import Koa from 'koa';
import { cors } from '../http/cors.ts';
import { documentEndpoints } from '../http/documents.ts';
import { type EdgeParts, edge } from '../http/edge.ts';
import { type FulfillmentParts, fulfillmentEndpoint } from '../http/fulfillment.ts';
import { liveEndpoint, type Readiness, readyEndpoint } from '../http/health.ts';
import { jwkSetEndpoint, type KeyringParts, keyringEndpoint } from '../http/keyring.ts';
import { metricsEndpoint } from '../http/metrics.ts';
import { type RefreshParts, refreshEndpoint } from '../http/refresh.ts';
import type { Context, RequestState } from '../http/request.ts';
import { type RevocationsParts, revocationsEndpoint } from '../http/revocations.ts';
import { webhookEndpoint } from '../http/webhook.ts';
import type { EventMarketplace, FulfillmentMarketplace } from '../marketplaces/marketplace.ts';

/** An `import` of @koa/router imports node:http, which costs what http/server.ts says. */
const require = createRequire(import.meta.url);

const { Router } = require('@koa/router') as typeof import('@koa/router');

export interface AppParts
  extends EdgeParts,
    FulfillmentParts,
    KeyringParts,
    Readiness,
    RefreshParts,
    RevocationsParts {
  readonly ledger: FulfillmentParts['ledger'];
  readonly marketplaces: readonly FulfillmentMarketplace[];
  readonly eventMarketplaces: readonly EventMarketplace[];
  /** Believe X-Forwarded-* headers. */
  readonly trustProxy: boolean;
}

type Handler = (context: Context) => void | Promise<void>;

export function createApp(parts: AppParts) {
  // Of the addresses in X-Forwarded-For only the last was written by the proxy itself; a stranger may send the others.
  const app = new Koa<RequestState>({ proxy: parts.trustProxy, maxIpsCount: 1 });
  app.on('error', (error: unknown) => parts.log.error({ err: error }, 'a response could not be sent'));
  const router = new Router<RequestState>();
  const paths: string[] = [];
  const route = (path: string, handler: Handler) => {
    paths.push(path);
    router.all(path, (context) => {
      context.state.endpoint = path;
      return handler(context);
    });
  };

  for (const marketplace of parts.marketplaces) {
    route(`/fulfillment/${marketplace.name}/:product`, fulfillmentEndpoint(marketplace, parts));
  }
  for (const marketplace of parts.eventMarketplaces) {
    route(`/webhooks/${marketplace.name}`, webhookEndpoint(marketplace, parts));
  }
  route('/v1/keyring', keyringEndpoint(parts));
  route('/v1/keyring.jwks', jwkSetEndpoint(parts));
  route('/v1/licenses/refresh', refreshEndpoint(parts));
  route('/v1/revocations/:product', revocationsEndpoint(parts));
  route('/health/live', liveEndpoint);
  route('/health/ready', readyEndpoint(parts));
  route('/metrics', metricsEndpoint(parts.metrics));
  // The last: they describe what is there.
  const document = documentEndpoints([...paths, '/openapi.json', '/docs'], {
    requests: parts.marketplaces,
    events: parts.eventMarketplaces,
  });
  route('/openapi.json', document.asJson);
  route('/docs', document.asPage);

  return app.use(edge(parts)).use(cors).use(router.routes());
}
