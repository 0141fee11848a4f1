/** Delivers the marketplaces' calls to a service: whole, batched, or cut off before the answer. */
import { type ClientRequest, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { signWebhook } from '../../../src/marketplaces/fastspring/simulator.ts';
import type { RunningService } from '../../kit/machine.ts';
import { Buyers, type Reply } from '../kit/buyers.ts';
import type { Call, FastSpringEvent, Signing } from './sale.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

interface Message {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function messageOf(call: Exclude<Call, { kind: 'event' }>): Message {
  if (call.kind === 'alert') {
    return { method: 'POST', path: '/webhooks/paddle-classic', body: call.form, headers: FORM };
  }
  const { path, form, method } = call;
  if (method === 'GET') return { method, path: `${path}?${form}`, body: '', headers: {} };
  return { method, path, body: form, headers: FORM };
}

export function batchOf(events: readonly FastSpringEvent[], { fastSpring }: Signing): Message {
  const body = JSON.stringify({ events });
  const headers = { 'content-type': 'application/json', 'x-fs-signature': signWebhook(body, fastSpring) };
  return { method: 'POST', path: '/webhooks/fastspring', body, headers };
}

export class Courier {
  readonly #service: RunningService;
  readonly #buyers: Buyers;

  constructor(service: RunningService, connections: number) {
    this.#service = service;
    this.#buyers = new Buyers(service, connections);
  }

  carry({ method, path, body, headers }: Message): Promise<Reply> {
    return method === 'GET' ? this.#buyers.get(path) : this.#buyers.post(path, body, headers);
  }

  /** On its own connection, which is cut after so many milliseconds; null: as soon as the answer's head arrives. */
  async cutOff({ method, path, body, headers }: Message, after: number | null): Promise<void> {
    const call = request(`${this.#service.url}${path}`, { method, agent: false, headers });
    // The lost answer is the purpose.
    call.on('error', () => {});
    const closed = new Promise((resolve) => call.once('close', resolve));
    call.end(body);
    if (after === null) call.once('response', () => call.destroy());
    else await destroyLater(call, after);
    await closed;
  }

  close(): void {
    this.#buyers.close();
  }
}

async function destroyLater(call: ClientRequest, milliseconds: number): Promise<void> {
  await wait(milliseconds);
  call.destroy();
}
