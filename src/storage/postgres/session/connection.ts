/** Connections to PostgreSQL: several hosts, one connection a lane, its statements in batches. */
import type pg from 'pg';
import { AppError } from '../../../errors.ts';
import { Batch, type Driver, Statements } from './batch.ts';
import { LostConnection, TAKES_NO_WRITES } from './ledger-error.ts';
import { refusedParameter, requireSearchPath } from './pooled.ts';
import type { Answer, Query, Rows } from './query.ts';

const CONNECT_MILLISECONDS = 2000;

/**
 * A server that answers nothing is lost: after a power failure or behind a firewall nobody closes the connection, and TCP
 * would wait for minutes. Longer than `statement_timeout`.
 */
export const SILENCE_MILLISECONDS = 5000;

const CANNOT_BE_REACHED = 'The ledger cannot be reached now; try again later.';

const ROLLBACK: Query = { text: 'ROLLBACK' };

/** The URLs of the single hosts of a URL, in their order. */
export function hostsOf(url: string): readonly string[] {
  const [, before = '', hosts = '', after = ''] = /^([a-z]+:\/\/(?:[^/?]*@)?)([^/?]*)(.*)$/s.exec(url) ?? [];
  return hosts.split(',').map((host) => `${before}${host}${after}`);
}

/** The URL without its password, for people. A password may have any character, also where the URL is wrong then. */
export function shownUrl(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):.*@/s, '$1@').replace(/([?&]password=)[^&]*/g, '$1…');
}

/** A connection that sends one batch at a time; others wait for their turn. */
export class Session {
  readonly #client: pg.Client;
  readonly #driver: Driver;
  readonly #statements = new Statements();
  readonly #silence: number | undefined;
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;
  #isLost = false;
  #isPooled = false;
  #isKept = false;

  /** `silence`: milliseconds without an answer after which the connection is given up; undefined: none. */
  constructor(client: pg.Client, driver: Driver, silence?: number) {
    this.#client = client;
    this.#driver = driver;
    this.#silence = silence;
    client.on('error', () => {
      this.#isLost = true;
    });
    client.on('end', () => {
      this.#isLost = true;
    });
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whether the connection keeps settings for its transactions. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** Sets what all its transactions need. Behind a pooler it does nothing: the next transaction may be on another backend. */
  async keep(settings: Query): Promise<void> {
    if (this.#isPooled) return;
    await this.all([settings]);
    this.#isKept = true;
  }

  /**
   * Whether the server takes writes. Notes whether a pooler is between: the number of the backend is then not the number that
   * was told at the connection, and the next transaction may be on another backend, which knows no prepared statement.
   */
  async isPrimary(): Promise<boolean> {
    const [row] = await this.rows('SELECT pg_is_in_recovery() AS standby, pg_backend_pid() AS backend');
    const { processID } = this.#client as pg.Client & { readonly processID?: number };
    this.#isPooled = row?.['backend'] !== processID;
    return row?.['standby'] === false;
  }

  /**
   * Sends all at once. Throws the error of the statement that failed: those behind it are not run, and the transaction is
   * rolled back.
   */
  all(queries: readonly Query[]): Promise<readonly Answer[]> {
    return this.#inTurn(async () => {
      const isOpen = this.#isInTransaction;
      try {
        return await this.#send(queries);
      } catch (error) {
        if (isOpen || queries.length > 1) await this.#undo();
        throw error;
      }
    });
  }

  async rows(text: string, values: readonly unknown[] = []): Promise<Rows> {
    const [answer] = await this.all([{ text, values }]);
    return answer?.rows ?? [];
  }

  /** Ends an open transaction. Its own failure changes nothing: the connection is then lost. */
  async rollback(): Promise<void> {
    await this.#inTurn(() => (this.#isInTransaction ? this.#undo() : Promise.resolve()));
  }

  async close(): Promise<void> {
    this.#isLost = true;
    await this.#client.end().catch(() => {});
  }

  async #inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (this.#isBusy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isBusy = true;
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#isBusy = false;
      else next();
    }
  }

  /** As the server told after the last batch that did not fail. */
  get #isInTransaction(): boolean {
    return this.#client.getTransactionStatus() !== 'I';
  }

  async #send(queries: readonly Query[]): Promise<readonly Answer[]> {
    if (this.#isLost) throw new LostConnection('the connection was lost');
    const silent = this.#silence === undefined ? undefined : setTimeout(() => this.#giveUp(), this.#silence);
    try {
      // Behind a pooler the next transaction may be on another backend, which knows no prepared statement.
      const batch = new Batch(queries, this.#driver, this.#isPooled ? undefined : this.#statements);
      return await this.#client.query(batch).answered;
    } catch (error) {
      throw this.#errorOf(error);
    } finally {
      clearTimeout(silent);
    }
  }

  async #undo(): Promise<void> {
    if (this.#isLost) return;
    try {
      await this.#send([ROLLBACK]);
    } catch {
      await this.close();
    }
  }

  #giveUp(): void {
    this.#isLost = true;
    // `end` would wait for the server to close the connection.
    this.#client.connection.stream.destroy(new Error('the server does not answer'));
  }

  /** An error without a SQLSTATE is the connection's. */
  #errorOf(error: unknown): unknown {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (/^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)) return error;
    this.#isLost = true;
    return new LostConnection('the connection was lost', { cause: error });
  }
}

export interface ConnectOptions {
  readonly readOnly?: boolean;
  readonly silence?: number | undefined;
}

/** Makes connections to the first host that takes writes. */
export class Hosts {
  readonly #urls: readonly string[];
  readonly #accept: (session: Session) => Promise<void>;
  readonly shown: string;

  /** `accept` throws AppError for a database that will not do. */
  constructor(url: string, accept: (session: Session) => Promise<void> = async () => {}) {
    this.#urls = hostsOf(url);
    this.#accept = accept;
    this.shown = shownUrl(url);
  }

  /** `readOnly`: a standby will do. Throws AppError `ledger_unavailable` if no host takes the connection. */
  async connect({ readOnly = false, silence }: ConnectOptions = {}): Promise<Session> {
    let fault: unknown;
    let isStandby = false;
    for (const url of this.#urls) {
      try {
        const session = await connectTo(url, silence);
        if ((await session.isPrimary()) || readOnly) {
          await this.#accept(session).catch(async (error) => {
            await session.close();
            throw error;
          });
          return session;
        }
        await session.close();
        isStandby = true;
        fault = new Error('the host is a standby');
      } catch (error) {
        fault = refusedParameter(error) ?? error;
      }
    }
    const other = fault instanceof AppError ? fault.message : CANNOT_BE_REACHED;
    const message = isStandby ? TAKES_NO_WRITES : other;
    throw new AppError('ledger_unavailable', message, {
      detail: `${this.shown}: ${fault instanceof Error ? fault.message : String(fault)}`,
      cause: fault,
    });
  }
}

async function connectTo(url: string, silence: number | undefined): Promise<Session> {
  const { Client, driver } = await loadDriver();
  const client = new Client({
    // The driver means verify-full by these words too, warns of it, and its next version will not verify.
    connectionString: url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full'),
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    application_name: 'mintmark',
  });
  const session = new Session(client, driver, silence);
  await client.connect();
  await requireSearchPath(session, url).catch(async (error) => {
    await session.close();
    throw error;
  });
  return session;
}

/** Loaded only where the ledger is on PostgreSQL. */
async function loadDriver() {
  const { default: loaded } = await import('pg');
  const { Client, types } = loaded;
  const { utils } = loaded as typeof loaded & { readonly utils: Pick<Driver, 'prepareValue'> };
  const driver: Driver = {
    prepareValue: utils.prepareValue,
    // Numbers of rows, milliseconds: below 2 ** 53. The default is a text.
    parserOf: (type) => (type === types.builtins.INT8 ? Number : types.getTypeParser(type, 'text')),
  };
  return { Client, driver };
}
