/** The channel of webhooks: an announcement -> one signed POST -> what became of it. */
import type { Announcement } from '../../domain/values/announcement.ts';
import type { Customer } from '../../domain/values/order.ts';
import type { Channel, Tried } from '../channel.ts';
import { cleanAnswer } from '../clean-answer.ts';
import type { Endpoint } from './endpoint.ts';
import type { Answered, Post } from './post.ts';
import { retryMoment } from './retry-after.ts';
import { type SigningSecrets, signatureHeaders } from './signature.ts';

export interface WebhookChannelOptions {
  readonly endpoints: readonly Endpoint[];
  /** By the endpoint's name. */
  readonly secrets: ReadonlyMap<string, SigningSecrets>;
  readonly post: Post;
  /** The customer of an announcement; undefined: erased, or never known. */
  readonly customerOf: (announcement: Announcement) => Promise<Customer | undefined>;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
}

export function createWebhookChannel(options: WebhookChannelOptions): Channel {
  const endpoints = new Map(options.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  return {
    name: 'webhook',
    async send(announcement, signal) {
      const { target, mode, body } = announcement;
      const endpoint = endpoints.get(target);
      const secrets = options.secrets.get(target);
      if (endpoint === undefined || secrets === undefined)
        return { outcome: 'dropped', reason: `there is no endpoint ${target} any more` };
      if (endpoint.mode !== mode)
        return { outcome: 'dropped', reason: `the endpoint ${target} is for mode ${endpoint.mode}` };
      if (body === null) return { outcome: 'refused', answer: 'its body is no longer kept' };
      const customer = endpoint.personal ? await options.customerOf(announcement) : undefined;
      const now = options.now();
      const sent = endpoint.personal ? withCustomer(body, customer) : body;
      const headers = webhookHeaders({ id: announcement.id, body: sent, secrets, now });
      const answered = await options.post(endpoint, { headers, body: sent }, signal);
      return triedOf(answered, now, endpoint);
    },
  };
}

/** The headers of a try now. */
export function webhookHeaders({
  secrets,
  now,
  ...message
}: {
  readonly id: string;
  readonly body: Uint8Array;
  readonly secrets: SigningSecrets;
  readonly now: number;
}): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Mintmark',
    ...signatureHeaders({ ...message, timestamp: Math.floor(now / 1000) }, secrets),
  };
}

function withCustomer(body: Uint8Array, customer: Customer | undefined): Uint8Array {
  const told = JSON.parse(new TextDecoder().decode(body));
  const named = customer && { name: customer.name ?? null, email: customer.email ?? null };
  return new TextEncoder().encode(
    JSON.stringify({ ...told, data: { ...told.data, customer: named ?? null } }),
  );
}

/** What the receiver said is not kept where it was told who the customer is: it may repeat that. */
export function triedOf(answered: Answered, now: number, { personal }: Pick<Endpoint, 'personal'>): Tried {
  if ('fault' in answered) return { outcome: 'failed', answer: answered.fault };
  const { status, text, retryAfter } = answered;
  const answer = cleanAnswer(`${status}${hint(status)} ${personal ? '' : text}`);
  if (status >= 200 && status <= 299) return { outcome: 'sent', answer };
  if (status === 410) return { outcome: 'target failed', answer, stop: true };
  const notBefore = status === 429 || status === 503 ? retryMoment(retryAfter, now) : undefined;
  return { outcome: 'failed', answer, ...(notBefore !== undefined && { notBefore }) };
}

function hint(status: number): string {
  if (status === 410) return ' (gone: the endpoint is stopped)';
  return status >= 300 && status <= 399 ? ' (redirects are not followed)' : '';
}
