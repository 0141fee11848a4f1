/**
 * The page after Paddle Billing's checkout. A transaction's id is no secret, so the seller's page makes one: 128 random bits in
 * `custom_data.mintmark_claim`. The ledger has its digest alone.
 */
import { createHash } from 'node:crypto';
import { claimSubject } from '../../domain/requests/claim.ts';
import { type Loose, recordOf, textOf } from '../loose.ts';
import type { ClaimPort } from '../marketplace.ts';
import type { Told } from '../told.ts';

const FIELD = 'mintmark_claim';

/** Exactly 128 bits: what is shorter could be guessed. */
const NONCE = /^[0-9a-f]{32}$/;

export const claim: ClaimPort = {
  parameter: 'claim',
  orderOf: (value) => (NONCE.test(value) ? { claim: digestOf(value) } : undefined),
};

/** The claim name of a sale. `custom_data` is written in the customer's browser: it names the page, and decides nothing else. */
export function claimFacts(order: string, data: Loose): Told[] {
  const nonce = textOf(recordOf(data['custom_data'])[FIELD]);
  if (nonce === undefined || !NONCE.test(nonce)) return [];
  const subject = claimSubject(digestOf(nonce));
  return [{ subject, key: `claim:${order}`, body: { kind: 'claimable', order } }];
}

function digestOf(nonce: string): string {
  return createHash('sha256').update(nonce).digest('hex');
}
