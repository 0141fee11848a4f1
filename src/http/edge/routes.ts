/** The only router: it takes endpoints, so that every path and every method is described. */
import { createRequire } from 'node:module';
import { type Endpoint, methodsOf } from './endpoint.ts';
import { allow, type Context, type RequestState } from './request.ts';

/** An `import` of @koa/router imports node:http, which costs what edge/server.ts says. */
const require = createRequire(import.meta.url);

const { Router } = require('@koa/router') as typeof import('@koa/router');

export function routesOf(endpoints: readonly Endpoint[]) {
  const router = new Router<RequestState>();
  for (const endpoint of endpoints) router.all(endpoint.path, serve(endpoint));
  return router.routes();
}

/** One endpoint, whatever the path. */
export function serve(endpoint: Endpoint) {
  const methods = methodsOf(endpoint);
  return (context: Context): void | Promise<void> => {
    context.state.endpoint = endpoint.path;
    context.state.statuses = endpoint.statuses;
    allow(context, methods);
    return endpoint.handle(context);
  };
}
