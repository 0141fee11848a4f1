/** The reader of a store that sends one signed JSON event a delivery. */
import { z } from 'zod';
import type { Received } from '../domain/receive-events.ts';
import type { Marketplace, Mode } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import type { Secrets } from './event-store.ts';
import { parseBody } from './loose.ts';
import type { Caller, ClaimPort, EventMarketplace } from './marketplace.ts';
import { orUnreadable } from './unreadable.ts';

/** `Find` finds the product of a price. */
export interface JsonStore<Find> {
  readonly name: Marketplace;
  readonly title: string;
  /** For the OpenAPI document. */
  readonly delivery: z.ZodType;
  readonly signature: { readonly header: string; readonly description: string };
  readonly isSignatureShaped: (header: unknown) => boolean;
  readonly callerOf: (body: Buffer, header: unknown, secrets: Secrets, now: number) => Caller | undefined;
  readonly findProduct: (products: readonly Product[]) => Find;
  /** Throws AppError `malformed_request` for what cannot be stored as an event of its own. */
  readonly read: (parsed: unknown, payload: string, mode: Mode, findProduct: Find) => Received;
  readonly claim?: ClaimPort;
}

export interface JsonEvents {
  events(parts: { readonly products: readonly Product[]; readonly secrets: Secrets }): EventMarketplace;
  /** As StoredEvents.readAgain. */
  readAgain(payload: string, mode: Mode, products: readonly Product[]): Received;
}

export function jsonEvents<Find>(store: JsonStore<Find>): JsonEvents {
  const { name, title, delivery, signature, claim } = store;
  const header = signature.header.toLowerCase();
  return {
    events: ({ products, secrets }) => {
      const findProduct = store.findProduct(products);
      return {
        name,
        title,
        mediaType: 'application/json',
        delivery,
        signedHead: z.object({ [signature.header]: z.string().meta({ description: signature.description }) }),
        isSigned: (headers) => store.isSignatureShaped(headers[header]),
        readBatch: (body, headers, now) => {
          const caller = store.callerOf(body, headers[header], secrets, now);
          if (caller === undefined) return undefined;
          return [received(body.toString(), caller === 'live' ? 'live' : 'test', findProduct, store)];
        },
        ...(claim && { claim }),
        partial: false,
      };
    },
    readAgain: (payload, mode, products) => received(payload, mode, store.findProduct(products), store),
  };
}

function received<Find>(
  payload: string,
  mode: Mode,
  findProduct: Find,
  { name, read }: Pick<JsonStore<Find>, 'name' | 'read'>,
): Received {
  const own = { marketplace: name, mode, payload };
  return orUnreadable(own, () => read(parseBody(payload), payload, mode, findProduct));
}
