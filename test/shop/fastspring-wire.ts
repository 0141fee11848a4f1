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
  tell: (events) => {
    const told = events.map(({ id, at, type, data }) => ({
      id,
      processed: false,
      created: at,
      type,
      live: true,
      data,
    }));
    const body = JSON.stringify({ events: told });
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
