/** Where the console joins the service: its code is loaded with the first request for a page, so that a start stays as it is. */
import type { Next } from 'koa';
import type { Context } from '../http/edge/request.ts';
import type { ConsoleParts } from './parts.ts';

/** `parts` is called once, with the first request for a page. */
export function mountConsole(parts: () => Promise<ConsoleParts>) {
  let loaded: Promise<(context: Context) => Promise<void>> | undefined;
  return async (context: Context, next: Next): Promise<void> => {
    if (context.path !== '/console' && !context.path.startsWith('/console/')) return next();
    loaded ??= import('./console.ts').then(async ({ createConsole }) => createConsole(await parts()));
    await (await loaded)(context);
  };
}
