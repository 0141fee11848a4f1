/** Where the customer's pages join the service: their code is loaded with the first request for one. */
import type { Next } from 'koa';
import type { ShownDownload } from '../domain/requests/offer.ts';
import type { Context } from '../http/edge/request.ts';
import type { CustomerParts } from './parts.ts';

/** `parts` is called once, with the first request for a page. */
export function mountCustomerPages(parts: () => CustomerParts) {
  let loaded: Promise<(context: Context) => Promise<void>> | undefined;
  return async (context: Context, next: Next): Promise<void> => {
    if (context.path !== '/license' && !context.path.startsWith('/license/')) return next();
    loaded ??= import('./customer.ts').then(({ createCustomerPages }) => createCustomerPages(parts()));
    await (await loaded)(context);
  };
}

/** The pages at the address of a download. `parts` is called once, with the first of them. */
export function mountDownloadPages(parts: () => Pick<CustomerParts, 'shop' | 'findProduct'>) {
  let loaded: Promise<(context: Context, shown: ShownDownload) => Promise<void>> | undefined;
  return async (context: Context, shown: ShownDownload): Promise<void> => {
    loaded ??= import('./download-page.ts').then(({ createDownloadPages }) => createDownloadPages(parts()));
    await (await loaded)(context, shown);
  };
}
