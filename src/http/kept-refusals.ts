/** Signed sales that are refused: each leaves its order and a flag. */
import type { Fact } from '../domain/facts/fact.ts';
import { refusalKey } from '../domain/flags/answered-refusals.ts';
import { REFUSED_REQUEST } from '../domain/values/causes.ts';
import { orderSubject } from '../domain/values/order-subject.ts';
import type { Product } from '../domain/values/product.ts';
import type { AppError } from '../errors.ts';
import { parseLatin1Form } from '../marketplaces/form.ts';
import type { Caller, Fields, FulfillmentMarketplace } from '../marketplaces/marketplace.ts';
import type { Context } from './edge/request.ts';
import type { RunningService } from './running-service.ts';

/** A fulfillment request whose signature was checked. */
export interface SignedCall {
  readonly marketplace: FulfillmentMarketplace;
  /** The product in the path of the request, which nobody signed. */
  readonly address: string;
  /** Absent: no product file has that name. */
  readonly product?: Product;
  readonly fields: Fields;
  readonly caller: Caller;
}

/** Enough to see what is wrong; more could be a flood. */
const MOST_REFUSALS = 1000;

export async function keepRefusal(
  context: Context,
  { marketplace, product, address, fields, caller }: SignedCall,
  { code, message }: AppError,
  { ledger, log, now }: Pick<RunningService, 'ledger' | 'log' | 'now'>,
): Promise<void> {
  const named = marketplace.nameOrder(fields, product, caller);
  if (named === undefined) return;
  const { order, mode } = named;
  context.state.facts['order'] = order;
  context.state.facts['mode'] = mode;
  const shown = product?.id ?? (/^[\w.-]{1,64}$/.test(address) ? address : 'a product without a name');
  const note = `A request for ${shown} in order ${order} was refused: ${message}`;
  try {
    if (((await ledger.countFlags()).refused ?? 0) >= MOST_REFUSALS) return;
    const fact: Fact = {
      marketplace: marketplace.name,
      mode,
      subject: orderSubject(order),
      // One for all addresses without a product: a captured request could be sent to any number of them.
      key: refusalKey(order, product?.id ?? '', code),
      at: now(),
      cause: REFUSED_REQUEST,
      body: { kind: 'noted', note, flag: true, why: 'refused' },
    };
    await ledger.addFacts([fact]);
  } catch (error) {
    log.error({ err: error }, 'a refused sale could not be kept');
  }
}

/** Fields that are not UTF-8, where they are signed as ISO-8859-1; undefined: nobody known signed them. */
export function readLatin1(
  bytes: Buffer,
  marketplace: FulfillmentMarketplace,
): Pick<SignedCall, 'fields' | 'caller'> | undefined {
  const fields = marketplace.authenticateLatin1 && parseLatin1Form(bytes);
  const caller = fields && marketplace.authenticateLatin1?.(fields);
  return fields && caller && { fields, caller };
}
