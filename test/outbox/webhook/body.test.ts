/** What is sent is what the OpenAPI document describes. */
import test from 'ava';
import { z } from 'zod';
import { LICENSE_TOPICS, type News, WEBHOOK_TOPICS, webhookBody } from '../../../src/domain/webhook-body.ts';
import { WEBHOOKS } from '../../../src/outbox/webhook/schemas.ts';

const AT = Date.parse('2026-11-08T09:14:02.118Z');
const LICENSE = {
  id: Uint8Array.from(Buffer.from('5e1b763af974e25ef8c10fcab86b4ddb', 'hex')),
  sequence: 4,
  revision: 1,
  state: 'active',
  lastValid: '2027-11-19',
  updatesUntil: null,
  product: 'lumen',
  marketplace: 'shop',
  order: 'EXA-41077',
  unit: 0,
  cause: 'subscription.charge.completed',
} as const;

const NEWS: readonly News[] = [
  ...LICENSE_TOPICS.map((topic) => ({ topic, ...LICENSE })),
  {
    topic: 'order.flagged',
    ...{ flag: 7, kind: 'partial-refund', reason: '5 of 20 USD went back.', product: null },
    ...{ marketplace: 'shop', order: 'EXA-41077' },
  },
  { topic: 'event.failed', event: 'evt-1', type: 'order.completed', marketplace: 'shop' },
  { topic: 'download.finished', license: LICENSE.id, product: 'lumen', version: '2.1', file: 'lumen.dmg' },
  { topic: 'ping', endpoint: 'crm' },
];

const read = (news: News) =>
  JSON.parse(new TextDecoder().decode(webhookBody(news, { at: AT, mode: 'live' })));

test('a renewal is told as the design has it, with the time of the change', (t) => {
  t.deepEqual(read({ topic: 'license.renewed', ...LICENSE }), {
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
  t.deepEqual(new Set(NEWS.map(({ topic }) => topic)), new Set([...WEBHOOK_TOPICS, 'ping']));
  t.deepEqual(Object.keys(WEBHOOKS).sort(), NEWS.map(({ topic }) => topic).sort());
  for (const news of NEWS) {
    const sent = read(news);
    const { schema } = WEBHOOKS[news.topic];
    t.deepEqual(schema.parse(sent), sent, news.topic);
    t.deepEqual(undescribed(schema, sent), [], news.topic);
    t.false(schema.safeParse({ ...sent, type: 'license.other' }).success);
  }
});

test('the control: a member that is not described, or missing, is found', (t) => {
  const sent = read({ topic: 'license.issued', ...LICENSE });
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
