/** Connections for reads. They are made at the first read, and made anew when they are lost. */
import type { PoolLoad } from '../../../domain/ports/shared-database.ts';
import { AppError } from '../../../errors.ts';
import { type Hosts, type Session, SILENCE_MILLISECONDS } from './connection.ts';
import { isLost, ledgerError } from './ledger-error.ts';
import type { Answer, Query, Rows } from './query.ts';
import { beginList, beginRead, COMMIT, keptToRead } from './session-settings.ts';

/** Of one read, where connections are lost. */
const MOST_TRIES = 3;

/** How long reads are tried again: a server that answers nothing takes all of it at once. */
const PATIENCE_MILLISECONDS = 3000;

/** Whether a read that failed may run again. `start`: of its first try, in time of `performance.now()`. */
export function mayReadAgain(error: unknown, tries: number, start: number): boolean {
  return isLost(error) && tries < MOST_TRIES && performance.now() - start < PATIENCE_MILLISECONDS;
}

export class ReadConnection {
  readonly #hosts: Hosts;
  readonly #milliseconds: number;
  readonly #keeps: boolean;
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;
  #isClosed = false;
  /** The number of reads under way. */
  busy = 0;

  /**
   * `milliseconds`: how long one statement may take. `keeps`: the connection keeps the settings of searches by an index, so
   * that one statement can be sent without a transaction around it. It is then none for what may take long.
   */
  constructor(hosts: Hosts, milliseconds: number, keeps = false) {
    this.#hosts = hosts;
    this.#milliseconds = milliseconds;
    this.#keeps = keeps;
  }

  get isOpen(): boolean {
    return this.#session?.isLost === false;
  }

  get begin(): readonly Query[] {
    return beginRead(this.#milliseconds);
  }

  /** Rows of a query that an index answers. */
  search(text: string, values: readonly unknown[] = []): Promise<Rows> {
    return this.#rowsOf(this.begin, { text, values });
  }

  /** The same for a query that may read whole tables. */
  rows(text: string, values: readonly unknown[] = []): Promise<Rows> {
    return this.#rowsOf(beginList(this.#milliseconds), { text, values });
  }

  /** Runs one statement that writes, on its own: a deletion of payloads, a probe. */
  async run(text: string, values: readonly unknown[] = []): Promise<Rows> {
    const [answer] = await this.#send([{ text, values }]);
    return answer?.rows ?? [];
  }

  async #rowsOf(begin: readonly Query[], query: Query): Promise<Rows> {
    const answers = await this.#send([...begin, query, COMMIT]);
    return answers[begin.length]?.rows ?? [];
  }

  async #send(queries: readonly Query[]): Promise<readonly Answer[]> {
    this.busy += 1;
    try {
      return await this.#sendUntilDone(queries);
    } finally {
      this.busy -= 1;
    }
  }

  async #sendUntilDone(queries: readonly Query[]): Promise<readonly Answer[]> {
    const start = performance.now();
    for (let tries = 1; ; tries++) {
      let session: Session | undefined;
      try {
        session = await this.session();
        return await session.all(queries);
      } catch (error) {
        if (isLost(error)) await session?.close();
        else await session?.rollback();
        if (!mayReadAgain(error, tries, start)) throw ledgerError(error);
      }
    }
  }

  /** The open connection. Reads that come while it is made share it. */
  async session(): Promise<Session> {
    if (this.#isClosed) throw closed();
    if (this.#session?.isLost === false) return this.#session;
    const silence = this.#keeps ? SILENCE_MILLISECONDS : this.#milliseconds + SILENCE_MILLISECONDS;
    this.#opening ??= this.#connect(silence).finally(() => {
      this.#opening = undefined;
    });
    this.#session = await this.#opening;
    return this.#session;
  }

  async #connect(silence: number): Promise<Session> {
    const session = await this.#hosts.connect({ silence });
    if (this.#keeps) await session.keep(keptToRead(this.#milliseconds));
    return session;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const opening = await this.#opening?.catch(() => undefined);
    await opening?.close();
    await this.#session?.close();
  }
}

/** Several connections: a read goes to the one with the fewest reads under way. */
export class ReadPool {
  readonly #connections: readonly ReadConnection[];

  constructor(hosts: Hosts, size: number, milliseconds: number) {
    this.#connections = Array.from({ length: size }, () => new ReadConnection(hosts, milliseconds));
  }

  /** A connection takes one read at a time; the others wait. */
  get load(): Omit<PoolLoad, 'use'> {
    const busy = this.#connections.filter((each) => each.busy > 0).length;
    return {
      connections: this.#connections.filter(({ isOpen }) => isOpen).length,
      busy,
      waiting: this.#connections.reduce((sum, each) => sum + each.busy, 0) - busy,
    };
  }

  get idlest(): ReadConnection {
    const [first, ...others] = this.#connections;
    if (first === undefined) throw new TypeError('a pool without connections');
    return others.reduce((least, each) => (each.busy < least.busy ? each : least), first);
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}

export function closed(): AppError {
  return new AppError('ledger_unavailable', 'The ledger is closed.');
}
