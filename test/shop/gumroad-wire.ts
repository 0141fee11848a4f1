/**
 * Gumroad's pings, one a call. What the API answers about one comes as a completed event of its own, late, twice, in any
 * order, or never, as the API may.
 */
import { completedPayload } from '../../src/marketplaces/completed-event.ts';
import { payloadOf } from '../../src/marketplaces/gumroad/ping.ts';
import { bodyOf } from '../../src/marketplaces/gumroad/shapes.ts';
import { recordOf } from '../../src/marketplaces/loose.ts';
import { WEBHOOK_SECRET } from './service.ts';
import type { Wire } from './wire.ts';

export const gumroadWire: Wire = {
  marketplace: 'gumroad',
  renamesResends: false,
  mostEvents: 1,
  ask: () => {
    throw new Error('nobody is asked for a license');
  },
  tell: (events) => {
    const [event] = events;
    if (event === undefined) throw new Error('an event comes alone');
    const { at, data } = event;
    const ping = recordOf(data['ping']);
    const body =
      data['fetched'] === undefined
        ? bodyOf(ping)
        : completedPayload(payloadOf(ping, at), JSON.stringify(data['fetched']));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { path: `/webhooks/gumroad/${WEBHOOK_SECRET}`, headers, body };
  },
};
