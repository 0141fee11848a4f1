/** FastSpring's calls as signed bytes. */
import { signRequest, signWebhook } from '../../src/marketplaces/fastspring/simulator.ts';
import { LICENSE_KEY, WEBHOOK_SECRET } from './service.ts';
import type { Wire } from './wire.ts';

export const fastSpringWire: Wire = {
  marketplace: 'fastspring',
  renamesResends: true,
  mostEvents: 25,
  ask: ({ product, fields }) => ({
    path: `/fulfillment/fastspring/${product}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: signRequest(fields, LICENSE_KEY),
  }),
  tell: (events, mailed) => {
    const told = events.map(({ id, at, type, data }) => ({
      id,
      processed: false,
      created: at,
      type,
      live: true,
      data,
    }));
    const body = JSON.stringify({ events: told }, (_, value) => withCodes(value, mailed));
    return {
      path: '/webhooks/fastspring',
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'x-fs-signature': signWebhook(body, WEBHOOK_SECRET),
      },
      body,
    };
  },
};

/** A license with the codes that its request was answered with, which is no request's name any more. */
function withCodes(value: unknown, mailed: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null || !('asked' in value)) return value;
  const { asked, ...license } = value;
  return { ...license, license: mailed.get(String(asked)) ?? null };
}
