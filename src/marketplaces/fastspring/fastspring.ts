/** FastSpring behind the marketplaces' port. */
import type { Received } from '../../domain/ingest.ts';
import type { Product } from '../../domain/product.ts';
import type { ReplyParts } from '../../message/reply.ts';
import type { EventMarketplace, FulfillmentMarketplace } from '../marketplace.ts';
import { isLicenseRequest, isSignatureShaped, isWebhook } from './authenticity.ts';
import { readBatch, readBatchEvent } from './batch.ts';
import { nameOrder, readRequest } from './fulfillment.ts';
import { findByPath } from './products.ts';
import { writeReply } from './reply.ts';

export interface FastSpringRequestParts extends ReplyParts {
  /** Several while one is being changed. */
  readonly licenseKeys: readonly string[];
  /** What the simulator signs with, if it is on: always mode test. */
  readonly simulatorSecret: string | undefined;
  /** The usual shape of this account's order references (FASTSPRING_REFERENCE_PATTERN); absent: FastSpring's. */
  readonly referencePattern?: RegExp | undefined;
}

export function fastSpringRequests(parts: FastSpringRequestParts): FulfillmentMarketplace {
  const { licenseKeys, simulatorSecret, referencePattern } = parts;
  return {
    name: 'fastspring',
    // The hash does not tell test from live: a parameter does.
    authenticate: (fields) => {
      if (isLicenseRequest(fields, licenseKeys)) return 'live';
      return isLicenseRequest(fields, listed(simulatorSecret)) ? 'simulator' : undefined;
    },
    readRequest: (fields, product, signer, now) =>
      readRequest(fields, product, signer, now, referencePattern),
    nameOrder,
    writeReply: (licenses, order, product, customer) => writeReply(licenses, order, product, customer, parts),
  };
}

export interface FastSpringEventParts {
  readonly webhookSecrets: readonly string[];
  readonly simulatorSecret: string | undefined;
  readonly products: readonly Product[];
}

export function fastSpringEvents(parts: FastSpringEventParts): EventMarketplace {
  const { webhookSecrets, simulatorSecret, products } = parts;
  const findProduct = findByPath(products);
  return {
    name: 'fastspring',
    mediaType: 'application/json',
    isSigned: (headers) => isSignatureShaped(headers['x-fs-signature']),
    readBatch: (body, headers) => {
      const signature = headers['x-fs-signature'];
      const given = typeof signature === 'string' ? signature : undefined;
      if (isWebhook(body, given, webhookSecrets)) return readBatch(body, findProduct);
      if (!isWebhook(body, given, listed(simulatorSecret))) return undefined;
      return readBatch(body, findProduct)
        .filter(({ head }) => head.mode === 'test')
        .map(ofOwnMode);
    },
    // Who signed it is not kept: what it said of the other mode is not said again.
    readAgain: (payload) => ofOwnMode(readBatchEvent(payload, findProduct)),
    partial: true,
  };
}

/** Whoever holds only the simulator's secret says nothing of live licenses, not even that they are void. */
function ofOwnMode({ head, read }: Received): Received {
  return {
    head,
    read: () => {
      const event = read();
      return { ...event, facts: event.facts.filter(({ mode }) => mode === head.mode) };
    },
  };
}

function listed(secret: string | undefined): readonly string[] {
  return secret === undefined ? [] : [secret];
}
