/**
 * Stripe's events as signed bytes, one a call. What the outbox would fetch comes as a completed event of its own, late,
 * twice, in any order, or never, as the API may.
 */
import { completedPayload } from '../../src/marketplaces/completed-event.ts';
import { signatureOf } from '../../src/marketplaces/stripe/simulator.ts';
import { WEBHOOK_SECRET } from './service.ts';
import type { Wire } from './wire.ts';

export const stripeWire: Wire = {
  marketplace: 'stripe',
  renamesResends: false,
  mostEvents: 1,
  ask: () => {
    throw new Error('nobody is asked for a license');
  },
  tell: (events, _mailed, now) => {
    const [event] = events;
    if (event === undefined) throw new Error('an event comes alone');
    const { id, at, type, data } = event;
    const { object, previous, fetched } = data;
    const told = {
      id: id.replace(/-completed$/, ''),
      object: 'event',
      api_version: '2026-07-29.dahlia',
      created: Math.floor(at / 1000),
      livemode: true,
      type,
      data: { object, previous_attributes: previous },
    };
    const text = JSON.stringify(told);
    const body = fetched === undefined ? text : completedPayload(text, JSON.stringify(fetched));
    const signature = signatureOf(body, WEBHOOK_SECRET, now);
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    return { path: '/webhooks/stripe', headers, body };
  },
};
