/** The schemas of outgoing webhooks, for the OpenAPI document. Open: members may be added, and receivers accept them. */
import { z } from 'zod';
import type { WebhookTopic } from '../../domain/values/announcement.ts';
import { FLAG_KINDS } from '../../domain/values/flag.ts';

const customer = z
  .object({ name: z.string().nullable(), email: z.string().nullable() })
  .nullable()
  .optional()
  .describe('only at endpoints with `personal: on`; null: erased, or never known');

const day = z.iso.date().nullable();
const marketplace = z.string().describe('the name that Mintmark has for it, as in its addresses');

const licenseData = z.looseObject({
  license: z.guid().describe('the license id, as in the code'),
  sequence: z.int().min(1).describe('rises with each change of the license: keep the higher one'),
  revision: z.int().min(0).describe('the revision of the newest code'),
  state: z.enum(['active', 'suspended', 'revoked', 'ended']),
  lastValidDay: day.describe('UTC day, inclusive; null: perpetual'),
  updatesUntil: day.describe('UTC day, inclusive; null: no limit'),
  product: z.string(),
  marketplace,
  order: z.string(),
  unit: z.int().min(0).describe('counted from 0 within the line of the order'),
  cause: z.string().describe('what the history of the license has as the cause'),
  customer,
});

const flagData = z.looseObject({
  kind: z.enum(FLAG_KINDS),
  reason: z.string(),
  product: z.string().nullable(),
  marketplace,
  order: z.string().nullable(),
  customer,
});

const eventData = z.looseObject({
  event: z.string().describe('the id of the event at the marketplace'),
  type: z.string(),
  fault: z.string().describe('why it could not be applied'),
  marketplace,
  customer,
});

const downloadData = z.looseObject({
  license: z.guid().nullable(),
  product: z.string(),
  version: z.string(),
  file: z.string(),
  customer,
});

const envelope = <Topic extends string, Data extends z.ZodType>(topic: Topic, data: Data) =>
  z.strictObject({
    type: z.literal(topic),
    timestamp: z.iso.datetime().describe('when the change happened, UTC'),
    mode: z.enum(['live', 'test']),
    data,
  });

export interface DescribedWebhook {
  readonly summary: string;
  readonly schema: z.ZodType;
}

const ofLicense = (topic: WebhookTopic, summary: string): DescribedWebhook => ({
  summary,
  schema: envelope(topic, licenseData),
});

/** Every webhook that may be sent, by its topic. */
export const WEBHOOKS: Readonly<Record<WebhookTopic, DescribedWebhook>> = {
  'license.issued': ofLicense('license.issued', 'A license was issued'),
  'license.renewed': ofLicense(
    'license.renewed',
    'A license has another last valid day, mostly a later one, or other rights, and so a new code',
  ),
  'license.suspended': ofLicense(
    'license.suspended',
    'A license is suspended for now, such as for an overdue payment',
  ),
  'license.reinstated': ofLicense('license.reinstated', 'A license is active again'),
  'license.ended': ofLicense('license.ended', 'The time or the subscription of a license ended'),
  'license.revoked': ofLicense(
    'license.revoked',
    'A license was withdrawn: refunded, charged back, or by the seller',
  ),
  'license.reissued': ofLicense(
    'license.reissued',
    'A license replaces another one of the same unit, which was revoked',
  ),
  'order.flagged': {
    summary: 'Something about an order needs a person',
    schema: envelope('order.flagged', flagData),
  },
  'event.failed': {
    summary: 'An event of a marketplace could not be applied',
    schema: envelope('event.failed', eventData),
  },
  'download.finished': {
    summary: 'A customer downloaded a file completely',
    schema: envelope('download.finished', downloadData),
  },
  ping: {
    summary: 'The seller tries the endpoint: `webhooks test NAME`',
    schema: envelope('ping', z.looseObject({ endpoint: z.string() })),
  },
};

/** The headers of each request (Standard Webhooks 1.0). */
export const webhookHeaders = z.object({
  'webhook-id': z.string().describe('the same at each try of one message: remember it, and act once'),
  'webhook-timestamp': z.string().regex(/^\d+$/).describe('seconds since 1970-01-01, of this try'),
  'webhook-signature': z
    .string()
    .describe(
      '`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several with spaces while a secret changes',
    ),
});
