/** Lemon Squeezy's events as signed bytes, one a call. They have neither an id nor a time of their own. */
import { signatureOf } from '../../src/marketplaces/lemon-squeezy/authenticity.ts';
import { eventOf } from '../../src/marketplaces/lemon-squeezy/shapes.ts';
import { WEBHOOK_SECRET } from './service.ts';
import type { Wire } from './wire.ts';

export const lemonWire: Wire = {
  marketplace: 'lemon-squeezy',
  renamesResends: false,
  mostEvents: 1,
  ask: () => {
    throw new Error('nobody is asked for a license');
  },
  tell: (events, _mailed, now) => {
    const [event] = events;
    if (event === undefined) throw new Error('an event comes alone');
    // Whether a retry has another webhook_id is not documented.
    const told = JSON.stringify(eventOf(event.type, event.data, `${event.id} at ${now}`));
    const body = told.replaceAll('"test_mode":true', '"test_mode":false');
    return {
      path: '/webhooks/lemon-squeezy',
      headers: { 'content-type': 'application/json', 'x-signature': signatureOf(body, WEBHOOK_SECRET) },
      body,
    };
  },
};
