/** GET /v1/revocations/:product: the signed list of a product's withdrawn licenses, for programs and CDNs. */
import { AppError } from '../errors.ts';
import type { RevocationPublisher } from '../keyring/revocation-publisher.ts';
import { sendPrepared } from './prepared.ts';
import { allow, type Context } from './request.ts';

/**
 * The registered type of what it is, a signed set of claims (RFC 7519, 10.3.1). Which set stands in `typ`, under the
 * signature, where a reader must look for it (RFC 8725, 3.11); a media type of our own would have to be registered.
 */
const MEDIA_TYPE = 'application/jwt';

/** Seconds: a cache may be 5 minutes behind, 10 where it asks again only after it answered, and a week in an outage. */
const CACHE_CONTROL = 'public, max-age=300, stale-while-revalidate=300, stale-if-error=604800';

export interface RevocationsParts {
  readonly revocations: Pick<RevocationPublisher, 'find'>;
}

export function revocationsEndpoint({ revocations }: RevocationsParts) {
  return async (context: Context): Promise<void> => {
    allow(context, 'GET', 'HEAD');
    const product: string = context['params']['product'];
    const found = await revocations.find(product);
    if (found.outcome !== 'found') {
      throw new AppError('unknown_product', 'No revocation list of such a product is published here.', {
        detail: found.outcome,
      });
    }
    const { body, etag, seq } = found.list;
    context.state.facts['product'] = product;
    context.state.facts['seq'] = seq;
    sendPrepared(context, { body, etag, type: MEDIA_TYPE, cacheControl: CACHE_CONTROL });
  };
}
