/** FastSpring's webhooks: authenticates a delivery, and reads its events. */
import { z } from 'zod';
import type { Received } from '../../domain/receive-events.ts';
import type { Mode } from '../../domain/values/order.ts';
import type { Product } from '../../domain/values/product.ts';
import type { EventMarketplace } from '../marketplace.ts';
import { isSignatureShaped, isWebhook } from './authenticity.ts';
import { readBatch, readBatchEvent } from './batch.ts';
import { findByPath } from './product-keys.ts';

const delivery = z
  .looseObject({ events: z.array(z.unknown()) })
  .meta({ id: 'Events', description: 'Events as FastSpring sends them' });

const signedHead = z.object({
  'X-FS-Signature': z.string().meta({ description: 'HMAC-SHA256 of the body, in base64' }),
});

export interface EventSecrets {
  readonly webhookSecrets: readonly string[];
  readonly simulatorSecret: string | undefined;
}

export function fastSpringEvents(
  parts: EventSecrets & { readonly products: readonly Product[] },
): EventMarketplace {
  const { webhookSecrets, simulatorSecret, products } = parts;
  const findProduct = findByPath(products);
  return {
    name: 'fastspring',
    title: 'FastSpring',
    mediaType: 'application/json',
    delivery,
    signedHead,
    isSigned: (headers) => isSignatureShaped(headers['x-fs-signature']),
    readBatch: (body, headers) => {
      const signature = headers['x-fs-signature'];
      const given = typeof signature === 'string' ? signature : undefined;
      if (isWebhook(body, given, webhookSecrets)) return readBatch(body, 'live', findProduct);
      if (simulatorSecret === undefined || !isWebhook(body, given, [simulatorSecret])) return undefined;
      return readBatch(body, 'test', findProduct)
        .filter(({ head }) => head.mode === 'test')
        .map(ofOwnMode);
    },
    partial: true,
  };
}

/** The credential is not stored: facts for the other mode are not repeated in a replay. */
export function readAgain(payload: string, mode: Mode, products: readonly Product[]): Received {
  return ofOwnMode(readBatchEvent(payload, mode, findByPath(products)));
}

/** A holder of only the simulator's secret cannot change live licenses, not even void them. */
function ofOwnMode({ head, read }: Received): Received {
  return {
    head,
    read: () => {
      const event = read();
      return { ...event, facts: event.facts.filter(({ mode }) => mode === head.mode) };
    },
  };
}
