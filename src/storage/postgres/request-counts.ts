/** Counts of requests in the ledger's database, for limits that several processes keep together. */
import { createHmac } from 'node:crypto';
import { Hosts, type Session } from './session/connection.ts';

const FORGET = 'DELETE FROM request_limit WHERE expire < $1';

export class RequestCounts {
  readonly #hosts: Hosts;
  readonly #secret: Uint8Array;
  #session: Promise<Session> | undefined;

  /** Nothing is connected before the first statement. */
  constructor(url: string, secret: Uint8Array) {
    this.#hosts = new Hosts(url);
    this.#secret = secret;
  }

  async query({ text, values }: { readonly text: string; readonly values: readonly unknown[] }) {
    const [answer] = await (await this.#connected()).all([{ text, values }]);
    return { rows: answer?.rows ?? [], rowCount: answer?.count ?? 0 };
  }

  /** A key may be an address: without the secret it cannot be found by trying all. */
  hide(key: string): string {
    return createHmac('sha256', this.#secret).update(`request limit ${key}`).digest('base64url');
  }

  /**
   * Deletes the counts of periods that are over, where the role may delete; elsewhere they stay until the database restarts
   * after a crash. `now` in milliseconds since 1970-01-01.
   */
  async forget(now: number): Promise<void> {
    await this.query({ text: FORGET, values: [now] }).catch(() => {});
  }

  async close(): Promise<void> {
    await this.#session?.then(
      (session) => session.close(),
      () => {},
    );
  }

  async #connected(): Promise<Session> {
    const session = await this.#session?.catch(() => undefined);
    if (session !== undefined && !session.isLost) return session;
    this.#session = this.#hosts.connect();
    return this.#session;
  }
}
