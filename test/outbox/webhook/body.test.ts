/** What is sent is what the OpenAPI document describes. */
import test from 'ava';
import { z } from 'zod';
import {
  type Told,
  WEBHOOK_TOPICS,
  type WebhookTopic,
  webhookBody,
} from '../../../src/domain/values/announcement.ts';
import { WEBHOOKS } from '../../../src/outbox/webhook/schemas.ts';

const AT = Date.parse('2026-11-08T09:14:02.118Z');
const LICENSE = {
  license: '5e1b763a-f974-e25e-f8c1-0fcab86b4ddb',
  revision: 1,
  state: 'active',
  lastValidDay: '2027-11-19',
  updatesUntil: null,
  product: 'lumen',
  marketplace: 'shop',
  order: 'EXA-41077',
  unit: 0,
  cause: 'subscription.charge.completed',
} as const;

const TOLD: Readonly<Record<WebhookTopic, Told['data']>> = {
  'license.issued': LICENSE,
  'license.renewed': LICENSE,
  'license.suspended': LICENSE,
  'license.reinstated': LICENSE,
  'license.ended': LICENSE,
  'license.revoked': LICENSE,
  'license.reissued': LICENSE,
  'order.flagged': {
    ...{ kind: 'partial-refund', reason: '5 of 20 USD went back.', product: null },
    ...{ marketplace: 'shop', order: 'EXA-41077' },
  },
  'event.failed': { event: 'evt-1', type: 'order.completed', fault: 'no such product', marketplace: 'shop' },
  'download.finished': { license: LICENSE.license, product: 'lumen', version: '2.1', file: 'lumen.dmg' },
  ping: { endpoint: 'crm' },
};

const read = (topic: WebhookTopic) =>
  JSON.parse(new TextDecoder().decode(webhookBody(topic, 'live', { at: AT, data: TOLD[topic] }, 4)));

test('a renewal is told as the design has it, with the time of the change', (t) => {
  t.deepEqual(read('license.renewed'), {
    type: 'license.renewed',
    timestamp: '2026-11-08T09:14:02.118Z',
    mode: 'live',
    data: {
      license: '5e1b763a-f974-e25e-f8c1-0fcab86b4ddb',
      sequence: 4,
      revision: 1,
      state: 'active',
      lastValidDay: '2027-11-19',
      updatesUntil: null,
      product: 'lumen',
      marketplace: 'shop',
      order: 'EXA-41077',
      unit: 0,
      cause: 'subscription.charge.completed',
    },
  });
});

test('the body of every topic has exactly the members of its schema', (t) => {
  t.deepEqual(Object.keys(WEBHOOKS).sort(), [...WEBHOOK_TOPICS].sort());
  for (const topic of WEBHOOK_TOPICS) {
    const sent = read(topic);
    const { schema } = WEBHOOKS[topic];
    t.deepEqual(schema.parse(sent), sent, topic);
    t.deepEqual(undescribed(schema, sent), [], topic);
    t.false(schema.safeParse({ ...sent, type: 'license.other' }).success);
  }
});

test('the control: a member that is not described, or missing, is found', (t) => {
  const sent = read('license.issued');
  const { schema } = WEBHOOKS['license.issued'];
  t.deepEqual(undescribed(schema, { ...sent, data: { ...sent.data, code: 'x' } }), ['code']);
  const { sequence: _, ...data } = sent.data;
  t.false(schema.safeParse({ ...sent, data }).success);
});

/** The members of a body and of its data that its JSON schema does not name. */
function undescribed(schema: z.ZodType, sent: Record<string, unknown>): string[] {
  const { properties } = described.parse(z.toJSONSchema(schema));
  return [
    ...Object.keys(sent).filter((name) => !(name in properties)),
    ...Object.keys(Object(sent['data'])).filter((name) => !(name in properties.data.properties)),
  ];
}

const described = z.object({
  properties: z.looseObject({ data: z.object({ properties: z.record(z.string(), z.unknown()) }) }),
});
