/** Alerts as Paddle Classic sends them to a service. */
import request, { type Response } from 'supertest';
import { signForm } from '../../src/marketplaces/paddle-classic/simulator.ts';
import { rsaKey } from './rsa-keys.ts';
import { FORM } from './sale.ts';

/** Signs an alert with the live key and posts it. */
export function postAlert(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return Promise.resolve(
    request(url)
      .post('/webhooks/paddle-classic')
      .set('Content-Type', FORM)
      .serialize((body) => body)
      .send(signForm(fields, rsaKey('live').privateKey)),
  );
}

/** Posts alerts one after another, a second apart, each with an id of its own. */
export function alertsTo(url: string) {
  let told = 0;
  return async (alert_name: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    told += 1;
    const time = new Date(Date.UTC(2026, 10, 20, 12, 0, told)).toISOString();
    const head = { alert_id: String(800_000 + told), alert_name };
    const event_time = time.slice(0, 19).replace('T', ' ');
    const { status } = await postAlert(url, { ...head, event_time, ...fields });
    if (status !== 200) throw new Error(`${alert_name} was answered ${status}`);
  };
}
