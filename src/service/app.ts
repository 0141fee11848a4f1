/** The Koa app: the middleware in order, around the endpoints. */
import Koa from 'koa';
import { cors } from '../http/edge/cors.ts';
import { edge } from '../http/edge/edge.ts';
import type { RequestState } from '../http/edge/request.ts';
import { routesOf } from '../http/edge/routes.ts';
import { endpointsOf } from '../http/endpoints.ts';
import type { RunningService } from '../http/running-service.ts';

export function createApp(service: RunningService) {
  // The proxy appends the last address of X-Forwarded-For; a client can forge the others.
  const app = new Koa<RequestState>({ proxy: service.trustProxy, maxIpsCount: 1 });
  app.on('error', (error: unknown) => service.log.error({ err: error }, 'a response could not be sent'));
  return app
    .use(edge(service))
    .use(cors)
    .use(routesOf(endpointsOf(service)));
}
