/** Sends one announcement through the webhook channel, over real connections. */
import { randomBytes } from 'node:crypto';
import { type Announcement, webhookBody } from '../../src/domain/values/announcement.ts';
import type { Customer } from '../../src/domain/values/order.ts';
import type { Tried } from '../../src/outbox/channel.ts';
import type { Endpoint } from '../../src/outbox/webhook/endpoint.ts';
import { createPost, type PostOptions } from '../../src/outbox/webhook/post.ts';
import { createWebhookChannel } from '../../src/outbox/webhook/webhook-channel.ts';
import type { Receiver } from './receiver.ts';

const SECRET = randomBytes(32);
export const WRITTEN = `whsec_${SECRET.toString('base64')}`;

export const ANNOUNCEMENT: Announcement = {
  ...{ number: 1, id: '019ac000-0000-7000-8000-000000000001', channel: 'webhook', target: 'crm' },
  ...{ topic: 'license.issued', marketplace: 'shop', mode: 'live', order: 'EXA-1', product: 'app' },
  ...{ license: new Uint8Array(16), sequence: 1, revision: 0, customer: 7, text: null },
  body: webhookBody(
    'license.issued',
    'live',
    {
      at: Date.parse('2026-11-20T10:00:00Z'),
      data: {
        ...{ license: '00000000-0000-0000-0000-000000000000', revision: 0, state: 'active' },
        ...{ lastValidDay: null, updatesUntil: null, product: 'app', marketplace: 'shop', order: 'EXA-1' },
        ...{ unit: 0, cause: 'order' },
      },
    },
    1,
  ),
  ...{ at: 0, firstTriedAt: null, tries: 0 },
};

export interface Case {
  readonly endpoint?: Partial<Endpoint>;
  readonly post?: PostOptions;
  readonly customer?: Customer | undefined;
  readonly announcement?: Partial<Announcement>;
  readonly signal?: AbortSignal;
  readonly now?: number;
}

/** Sends one announcement to the receiver. */
export function sendTo({ url }: Pick<Receiver, 'url'>, given: Case = {}): Promise<Tried> {
  const endpoint: Endpoint = {
    ...{ name: 'crm', url, topics: ['license.issued'], mode: 'live', personal: false, private: true },
    ...{ secrets: [{ variable: 'X' }], secretLine: 1 },
    ...given.endpoint,
  };
  const channel = createWebhookChannel({
    endpoints: [endpoint],
    secrets: new Map([['crm', [SECRET]]]),
    post: createPost(given.post),
    customerOf: async () => given.customer,
    now: () => given.now ?? Date.now(),
  });
  return channel.send(
    { ...ANNOUNCEMENT, ...given.announcement },
    given.signal ?? new AbortController().signal,
  );
}
