/** Rejects requests that another site made the browser send (CSRF). */
import { AppError } from '../../errors.ts';
import type { Context } from '../../http/edge/request.ts';

/**
 * Every method but GET and HEAD needs `Sec-Fetch-Site: same-origin` or, from a browser that sends none, an `Origin` equal
 * to the console's. Throws AppError `cross_site`.
 */
export function refuseCrossSite(context: Context, origin: string): void {
  if (context.method === 'GET' || context.method === 'HEAD') return;
  const site = context.get('Sec-Fetch-Site');
  if (site === '' ? context.get('Origin') === origin : site === 'same-origin') return;
  throw new AppError('cross_site', 'This was sent from another site: open the console and do it there.');
}
