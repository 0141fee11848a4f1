/** Paddle Classic behind the marketplaces' port. */
import type { Product } from '../../domain/product.ts';
import { type ReplyParts, writeMessage } from '../../message/reply.ts';
import { parseForm } from '../form.ts';
import type { EventMarketplace, FulfillmentMarketplace } from '../marketplace.ts';
import { readAlert, readAlertHead } from './alerts.ts';
import { authenticate, type PaddleKeys } from './authenticity.ts';
import { nameOrder, readCharged, readOrder } from './fulfillment.ts';

export interface PaddleClassicParts extends ReplyParts {
  /** The first that fits decides, so the live key comes first. */
  readonly keys: PaddleKeys;
}

export function paddleClassicRequests(parts: PaddleClassicParts): FulfillmentMarketplace {
  return {
    name: 'paddle-classic',
    authenticate: (fields) => authenticate(fields, parts.keys),
    readRequest: (fields, product, signer, now) => ({
      order: readOrder(fields, product, signer, now),
      facts: [],
      renewal: undefined,
      ...readCharged(fields),
    }),
    nameOrder: (fields, _product, signer) => nameOrder(fields, signer),
    writeReply: (licenses, order, _product, customer) => writeMessage(licenses, order, customer, parts),
  };
}

export interface PaddleClassicEventParts {
  readonly keys: PaddleKeys;
  readonly products: readonly Product[];
}

export function paddleClassicEvents({ keys, products }: PaddleClassicEventParts): EventMarketplace {
  return {
    name: 'paddle-classic',
    mediaType: 'application/x-www-form-urlencoded',
    readBatch: (body) => {
      const fields = parseForm(body);
      const signer = authenticate(fields, keys);
      if (signer === undefined) return undefined;
      // Whatever address an alert holds: a customer may have any.
      const mode = signer === 'live' ? 'live' : 'test';
      const payload = body.toString();
      return [
        {
          head: readAlertHead(fields, mode, payload),
          read: () => readAlert(fields, mode, payload, products),
        },
      ];
    },
    readAgain: (payload, mode) => {
      const fields = parseForm(Buffer.from(payload));
      return {
        head: readAlertHead(fields, mode, payload),
        read: () => readAlert(fields, mode, payload, products),
      };
    },
    partial: false,
  };
}
