/** The only router: it takes endpoints, so that every path and every method is described, and pages, which are for people. */
import { createRequire } from 'node:module';
import type { Next } from 'koa';
import { type Endpoint, methodsOf } from './endpoint.ts';
import { allow, type Context, type RequestState } from './request.ts';

/** An `import` of @koa/router imports node:http, which costs what edge/server.ts says. */
const require = createRequire(import.meta.url);

const { Router } = require('@koa/router') as typeof import('@koa/router');

/** How many paths are kept with their endpoints. */
const MOST_KEPT = 100;

/** The router decides by the path alone, and what it decided is kept: measured, it took 3 % of a repeat's CPU time. */
export function routesOf(endpoints: readonly Endpoint[]) {
  const kept = new Map<string, Routed>();
  const router = new Router<RequestState>();
  for (const endpoint of endpoints) {
    const answer = serve(endpoint);
    router.all(endpoint.path, (context: Context) => {
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(context.path, { answer, params: context['params'] });
      return answer(context);
    });
  }
  const find = router.routes();
  return (context: RouterContext, next: Next): unknown => {
    const known = kept.get(context.path);
    if (known === undefined) return find(context, next);
    context.params = known.params;
    return known.answer(context);
  };
}

interface Routed {
  readonly answer: ReturnType<typeof serve>;
  readonly params: Readonly<Record<string, string>>;
}

/** A page for people: it is no part of the API, and so of no OpenAPI document. */
export interface PageRoute {
  /** As the router takes it. */
  readonly path: string;
  readonly get?: (context: Context) => Promise<void>;
  readonly post?: (context: Context) => Promise<void>;
}

/** A context as the router takes it; the router itself fills it. */
export type RouterContext = Parameters<ReturnType<typeof pagesOf>>[0];

/** The pages in this order; `next` is called where no path fits. */
export function pagesOf(pages: readonly PageRoute[]) {
  const router = new Router<RequestState>();
  for (const { path, get, post } of pages) {
    const methods = [...(get ? ['GET', 'HEAD'] : []), ...(post ? ['POST'] : [])];
    router.all(path, (context: Context) => {
      context.state.endpoint = path;
      allow(context, methods);
      return context.method === 'POST' ? post?.(context) : get?.(context);
    });
  }
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
