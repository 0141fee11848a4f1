/** Reads and writes the tables of the console. Rows whose seal is wrong count as missing. Writes need a transaction. */
import type {
  ConsoleAccess,
  ConsoleEntry,
  Link,
  Passkey,
  Session,
} from '../../domain/ports/console-access.ts';
import {
  ENTRY_COLUMNS,
  type EntryRow,
  LINK_COLUMNS,
  type LinkRow,
  linkRow,
  PASSKEY_COLUMNS,
  type PasskeyRow,
  passkeyOf,
  passkeyRow,
  SESSION_COLUMNS,
  type SessionRow,
  sealEntry,
  sealLink,
  sealPasskey,
  sealSession,
  sessionOf,
  sessionRow,
} from '../record/console-rows.ts';
import { NO_SEAL, type Sealer } from '../record/sealer.ts';
import { equal } from './conditions.ts';
import { ConsoleCount } from './console-count.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert, prepareUpsert } from './insert.ts';

export type OpenedSession = Omit<Session, 'person' | 'passkey'>;
export type Ended = Parameters<ConsoleAccess['endSessions']>[0];

export class ConsoleTables {
  readonly #sealer: Sealer;
  readonly #count: ConsoleCount;
  readonly #putLink;
  readonly #link;
  readonly #forgetLinks;
  readonly #putPasskey;
  readonly #passkeys;
  readonly #dropPasskey;
  readonly #putSession;
  readonly #session;
  readonly #sessions;
  readonly #dropSession;
  readonly #putEntry;
  readonly #entries;

  constructor(connection: Connection, sealer: Sealer) {
    this.#sealer = sealer;
    this.#count = new ConsoleCount(connection, sealer);
    this.#putLink = prepareUpsert<LinkRow>(connection, 'console_link', LINK_COLUMNS, ['digest']);
    this.#link = connection.prepare<[{ readonly digest: Uint8Array }], LinkRow>(
      `SELECT * FROM console_link WHERE ${equal('digest')}`,
    );
    this.#forgetLinks = connection.prepare<[{ readonly before: number }], LinkRow>(
      'DELETE FROM console_link WHERE made_at < $before RETURNING *',
    );
    this.#putPasskey = prepareUpsert<PasskeyRow>(connection, 'console_passkey', PASSKEY_COLUMNS, ['id']);
    this.#passkeys = connection.prepare<[], PasskeyRow>(
      'SELECT * FROM console_passkey ORDER BY person, made_at',
    );
    this.#dropPasskey = connection.prepare<[{ readonly id: string }], PasskeyRow>(
      `DELETE FROM console_passkey WHERE ${equal('id')} RETURNING *`,
    );
    this.#putSession = prepareUpsert<SessionRow>(connection, 'console_session', SESSION_COLUMNS, ['digest']);
    this.#session = connection.prepare<[{ readonly digest: Uint8Array }], SessionRow>(
      `SELECT * FROM console_session WHERE ${equal('digest')}`,
    );
    this.#sessions = connection.prepare<[], SessionRow>(
      'SELECT * FROM console_session ORDER BY used_at DESC',
    );
    this.#dropSession = connection.prepare<[{ readonly digest: Uint8Array }], SessionRow>(
      `DELETE FROM console_session WHERE ${equal('digest')} RETURNING *`,
    );
    this.#putEntry = prepareInsert<EntryRow>(connection, 'console_history', ENTRY_COLUMNS);
    this.#entries = connection.prepare<[{ readonly limit: number }], EntryRow>(
      'SELECT * FROM console_history ORDER BY number DESC LIMIT $limit',
    );
  }

  addLink(link: Link, entry: ConsoleEntry): void {
    const row = linkRow(this.#sealer, link, null);
    this.#putLink.run(row);
    this.#count.added(row.seal);
    this.note(entry);
  }

  openByLink(digest: Uint8Array, notBefore: number, session: OpenedSession): Session | undefined {
    const row = this.#link.get({ digest });
    if (row === undefined || !row.seal.equals(sealLink(this.#sealer, row))) return undefined;
    if (row.used_at !== null || row.made_at < notBefore) return undefined;
    const { person, made_at: madeAt } = row;
    const used = linkRow(this.#sealer, { digest, person, madeAt }, session.openedAt);
    this.#putLink.run(used);
    this.#count.replaced(row.seal, used.seal);
    for (const old of this.#forgetLinks.all({ before: notBefore }))
      this.#count.removed(sealLink(this.#sealer, old));
    return this.#open({ ...session, person, passkey: null }, 'got in by a link');
  }

  openByPasskey(passkey: Passkey, session: OpenedSession): Session {
    this.#writePasskey(passkey);
    const { id, person, name } = passkey;
    return this.#open({ ...session, person, passkey: id }, `got in by the passkey “${name}”`);
  }

  #open(session: Session, what: string): Session {
    this.#writeSession(session);
    this.note({ at: session.openedAt, person: session.person, what });
    return session;
  }

  #writeSession(session: Session): void {
    const row = sessionRow(this.#sealer, session);
    const before = this.#session.get({ digest: row.digest });
    this.#putSession.run(row);
    this.#countWritten(before && sealSession(this.#sealer, before), row.seal);
  }

  #writePasskey(passkey: Passkey): void {
    const row = passkeyRow(this.#sealer, passkey);
    const before = this.#passkeys.all().find(({ id }) => id === row.id);
    this.#putPasskey.run(row);
    this.#countWritten(before && sealPasskey(this.#sealer, before), row.seal);
  }

  /** `before`: the seal that the row must have had, so that the sum still differs if the row was edited. */
  #countWritten(before: Uint8Array | undefined, after: Uint8Array): void {
    if (before === undefined) this.#count.added(after);
    else this.#count.replaced(before, after);
  }

  #dropSessionRow(digest: Uint8Array): void {
    const row = this.#dropSession.get({ digest });
    if (row !== undefined) this.#count.removed(sealSession(this.#sealer, row));
  }

  findSession(digest: Uint8Array): Session | undefined {
    const row = this.#session.get({ digest });
    return row?.seal.equals(sealSession(this.#sealer, row)) ? sessionOf(row) : undefined;
  }

  touchSession(digest: Uint8Array, at: number): void {
    const session = this.findSession(digest);
    if (session !== undefined) this.#writeSession({ ...session, usedAt: at });
  }

  listSessions(): readonly Session[] {
    const genuine = this.#sessions.all().filter((row) => row.seal.equals(sealSession(this.#sealer, row)));
    return genuine.map(sessionOf);
  }

  endSessions(which: Ended, entry: ConsoleEntry): number {
    const ended = this.#sessions.all().filter((row) => {
      if (which === 'all') return true;
      if ('digest' in which) return row.digest.equals(which.digest);
      return 'passkey' in which ? row.passkey === which.passkey : row.person === which.person;
    });
    for (const { digest } of ended) this.#dropSessionRow(digest);
    if (ended.length > 0) this.note(entry);
    return ended.length;
  }

  addPasskey(passkey: Passkey, entry: ConsoleEntry): void {
    this.#writePasskey(passkey);
    this.note(entry);
  }

  findPasskey(id: string): Passkey | undefined {
    return this.listPasskeys().find((passkey) => passkey.id === id);
  }

  listPasskeys(): readonly Passkey[] {
    const genuine = this.#passkeys.all().filter((row) => row.seal.equals(sealPasskey(this.#sealer, row)));
    return genuine.map(passkeyOf);
  }

  removePasskey(id: string, entry: ConsoleEntry): boolean {
    const row = this.#dropPasskey.get({ id });
    if (row === undefined) return false;
    this.#count.removed(sealPasskey(this.#sealer, row));
    for (const { digest, passkey } of this.#sessions.all()) if (passkey === id) this.#dropSessionRow(digest);
    this.note(entry);
    return true;
  }

  note({ at, person, what }: ConsoleEntry): void {
    const [last] = this.#entries.all({ limit: 1 });
    const row = { number: (last?.number ?? 0) + 1, at, person, what };
    const seal = sealEntry(this.#sealer, row, last?.seal ?? NO_SEAL);
    this.#putEntry.run({ ...row, seal });
    this.#count.added(seal);
  }

  listEntries(limit: number): readonly ConsoleEntry[] {
    return this.#entries.all({ limit }).map(({ at, person, what }) => ({ at, person, what }));
  }
}
