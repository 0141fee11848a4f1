/** GET /v1/revocations/:product: the signed list of a product's withdrawn licenses, for programs and CDNs. */
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Endpoint } from './edge/endpoint.ts';
import { preparedAnswers, sendPrepared } from './edge/prepared.ts';
import { productParameter } from './edge/schemas.ts';
import type { RunningService } from './running-service.ts';

/**
 * The registered type of a signed set of claims (RFC 7519, 10.3.1); a type of our own would have to be registered. Which
 * set it is stands in `typ`, under the signature, where a reader must look for it (RFC 8725, 3.11).
 */
const MEDIA_TYPE = 'application/jwt';

const signedList = z
  .string()
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  .meta({ id: 'RevocationList', description: 'A JWS in its compact form' });

/** Seconds: a cache may be 5 minutes behind, 10 if it revalidates only after it answered, and a week in an outage. */
const CACHE_CONTROL = 'public, max-age=300, stale-while-revalidate=300, stale-if-error=604800';

export function revocationsEndpoint(revocations: RunningService['revocations']): Endpoint {
  return {
    path: '/v1/revocations/:product',
    parameters: productParameter,
    get: {
      tag: 'for programs',
      summary: 'The signed list of withdrawn licenses',
      description: 'A compact JWS (RFC 7515), typ mintmark-revocations+jwt.',
      answers: preparedAnswers('The list', MEDIA_TYPE, signedList),
      problems: ['unknown_product', 'ledger_unavailable', 'ledger_damaged'],
    },
    handle: async (context) => {
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
    },
  };
}
