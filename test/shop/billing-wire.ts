/** Paddle Billing's events as signed bytes, one a call. A retry has a new time in its signature. */
import { signatureOf } from '../../src/marketplaces/paddle-billing/simulator.ts';
import { WEBHOOK_SECRET } from './service.ts';
import type { Wire } from './wire.ts';

export const billingWire: Wire = {
  marketplace: 'paddle-billing',
  renamesResends: false,
  mostEvents: 1,
  ask: () => {
    throw new Error('nobody is asked for a license');
  },
  tell: (events, _mailed, now) => {
    const [event] = events;
    if (event === undefined) throw new Error('an event comes alone');
    const { id, at, type, data } = event;
    const occurred_at = new Date(at).toISOString();
    const body = JSON.stringify({ event_id: id, event_type: type, occurred_at, data });
    return {
      path: '/webhooks/paddle-billing',
      headers: {
        'content-type': 'application/json',
        'paddle-signature': signatureOf(body, WEBHOOK_SECRET, now),
      },
      body,
    };
  },
};
