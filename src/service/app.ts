/** The Koa app: the middleware in order, around the endpoints. */
import Koa, { type Next } from 'koa';
import { cors } from '../http/edge/cors.ts';
import { edge } from '../http/edge/edge.ts';
import type { Context, RequestState } from '../http/edge/request.ts';
import { routesOf } from '../http/edge/routes.ts';
import { endpointsOf } from '../http/endpoints.ts';
import type { RunningService } from '../http/running-service.ts';

/** Pages for people beside the endpoints, such as the console. */
export type Pages = (context: Context, next: Next) => Promise<void>;

export function createApp(service: RunningService, pages: readonly (Pages | undefined)[] = []) {
  // The proxy appends the last address of X-Forwarded-For; a client can forge the others.
  const app = new Koa<RequestState>({ proxy: service.trustProxy, maxIpsCount: 1 });
  app.on('error', (error: unknown) => service.log.error({ err: error }, 'a response could not be sent'));
  app.use(edge(service));
  for (const each of pages) if (each !== undefined) app.use(each);
  return app.use(cors).use(routesOf(endpointsOf(service)));
}

/** The pages alone, at a port of their own. */
export function createPagesApp(service: RunningService, pages: Pages) {
  return new Koa<RequestState>().use(edge(service)).use(pages);
}
