/** Paddle's calls as bytes: a signed form each. */
import type { KeyObject } from 'node:crypto';
import { signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import type { Wire } from './wire.ts';

const HEADERS = { 'content-type': 'application/x-www-form-urlencoded' };

export function paddleWire(key: KeyObject): Wire {
  return {
    marketplace: 'paddle-classic',
    renamesResends: false,
    mostEvents: 1,
    ask: ({ product, fields }) => ({
      path: `/fulfillment/paddle-classic/${product}`,
      headers: HEADERS,
      body: signForm(fields, key),
    }),
    tell: (events, mailed) => {
      const [event] = events;
      if (event === undefined) throw new Error('an alert comes alone');
      const { id, data, stored } = event;
      const licence = stored === undefined ? {} : { licence: mailed.get(stored.name) ?? '' };
      return {
        path: '/webhooks/paddle-classic',
        headers: HEADERS,
        body: signForm({ ...(data as Record<string, string>), alert_id: id, ...licence }, key),
      };
    },
  };
}
