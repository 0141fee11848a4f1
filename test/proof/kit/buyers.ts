/** Orders under load: many connections that buy, and record the answers. */
import { Agent, request } from 'node:http';
import type { RunningService } from '../../kit/machine.ts';

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Connections to one service, kept open between requests. */
export class Buyers {
  readonly #service: RunningService;
  readonly #agent: Agent;

  constructor(service: RunningService, connections = 32) {
    this.#service = service;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects where the reply was incomplete. */
  order(order: string, { quantity = 1, product = 'example' } = {}): Promise<Reply> {
    const form = this.#service.form(order, quantity);
    return this.post(`/fulfillment/paddle-classic/${product}`, form, {
      'content-type': 'application/x-www-form-urlencoded',
    });
  }

  post(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
    return this.#send('POST', path, body, headers);
  }

  get(path: string): Promise<Reply> {
    return this.#send('GET', path, '', {});
  }

  #send(
    method: string,
    path: string,
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.#service.url}${path}`,
        { method, agent: this.#agent, headers },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part) => {
            text += part;
          });
          response.on('error', reject);
          response.on('end', () => {
            if (response.complete) resolve({ status: response.statusCode ?? 0, text });
            else reject(new Error('the reply broke off'));
          });
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Runs `act` for each entry, with limited concurrency. */
export async function atOnce<T>(
  entries: Iterable<T>,
  width: number,
  act: (entry: T) => Promise<void>,
): Promise<void> {
  const left = entries[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let next = left.next(); !next.done; next = left.next()) await act(next.value);
    }),
  );
}
