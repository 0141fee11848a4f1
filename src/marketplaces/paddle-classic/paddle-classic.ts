/** Paddle Classic behind the marketplaces' port. */
import type { Minter } from '../../domain/minter.ts';
import type { Templates } from '../../message/templates.ts';
import type { FulfillmentMarketplace } from '../port.ts';
import { authenticate, type PaddleKeys } from './authenticity.ts';
import { readOrder } from './fulfillment.ts';
import { writeReply } from './reply.ts';

export interface PaddleClassicParts {
  /** The first that fits decides, so the live key comes first. */
  readonly keys: PaddleKeys;
  readonly templates: Templates;
  readonly minter: Minter;
}

export function paddleClassic(parts: PaddleClassicParts): FulfillmentMarketplace {
  return {
    name: 'paddle-classic',
    authenticate: (fields) => authenticate(fields, parts.keys),
    readOrder,
    writeReply: (licenses, order, customer) => writeReply(licenses, order, customer, parts),
  };
}
