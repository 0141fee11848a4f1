/** Where downloads join the service: their code is loaded with the first request for one. */
import type { Next } from 'koa';
import type { Context } from '../http/edge/request.ts';
import type { DeliverySources } from './delivery.ts';

const PATH = /^\/download\/([^/]+)(?:\/([^/]*))?$/;

/** `parts` is called once, with the first request for a download. */
export function mountDownloads(parts: () => Promise<DeliverySources>) {
  let loaded: Promise<(context: Context) => Promise<void>> | undefined;
  return async (context: Context, next: Next): Promise<void> => {
    if (context.path !== '/download' && !context.path.startsWith('/download/')) return next();
    loaded ??= load(parts);
    await (await loaded)(context);
  };
}

async function load(makeParts: () => Promise<DeliverySources>): Promise<(context: Context) => Promise<void>> {
  const [{ deliver }, { allow }, parts] = await Promise.all([
    import('./delivery.ts'),
    import('../http/edge/request.ts'),
    makeParts(),
  ]);
  return async (context) => {
    context.state.endpoint = '/download';
    allow(context, ['GET', 'HEAD']);
    const [, token = '', name] = PATH.exec(context.path) ?? [];
    await deliver(context, { token, name }, parts);
  };
}
