/**
 * The tables of the console: links, passkeys, sessions and the console's own history. Each row is sealed. One row counts
 * all of them: the pens are for sales, and must not grow for this.
 */
import type { ConsoleEntry, Link, Passkey, Session } from '../../domain/ports/console-access.ts';
import type { Tally } from './pen.ts';
import type { Sealer, Unsealed } from './sealer.ts';

export interface LinkRow {
  readonly digest: Buffer;
  readonly person: string;
  readonly made_at: number;
  readonly used_at: number | null;
  readonly seal: Buffer;
}

export interface PasskeyRow {
  readonly id: string;
  readonly person: string;
  readonly name: string;
  readonly handle: string;
  readonly public_key: Buffer;
  readonly counter: number;
  /** Separated by commas. */
  readonly transports: string;
  readonly made_at: number;
  readonly used_at: number | null;
  readonly seal: Buffer;
}

export interface SessionRow {
  readonly digest: Buffer;
  readonly person: string;
  readonly passkey: string | null;
  readonly opened_at: number;
  readonly used_at: number;
  readonly proved_at: number;
  readonly seal: Buffer;
}

export interface EntryRow extends ConsoleEntry {
  readonly number: number;
  readonly seal: Buffer;
}

/** The number of rows of the four tables, and the XOR of their seals. */
export interface ConsoleCountRow extends Tally {
  readonly seal: Buffer;
}

export const LINK_COLUMNS: readonly (keyof LinkRow)[] = ['digest', 'person', 'made_at', 'used_at', 'seal'];

export const PASSKEY_COLUMNS: readonly (keyof PasskeyRow)[] = [
  'id',
  'person',
  'name',
  'handle',
  'public_key',
  'counter',
  'transports',
  'made_at',
  'used_at',
  'seal',
];

export const SESSION_COLUMNS: readonly (keyof SessionRow)[] = [
  'digest',
  'person',
  'passkey',
  'opened_at',
  'used_at',
  'proved_at',
  'seal',
];

export const ENTRY_COLUMNS: readonly (keyof EntryRow)[] = ['number', 'at', 'person', 'what', 'seal'];

export function linkRow(sealer: Sealer, { digest, person, madeAt }: Link, usedAt: number | null): LinkRow {
  const row = { digest: Buffer.from(digest), person, made_at: madeAt, used_at: usedAt };
  return { ...row, seal: sealLink(sealer, row) };
}

export function sealLink(sealer: Sealer, { digest, person, made_at, used_at }: Unsealed<LinkRow>): Buffer {
  return sealer.seal('console_link', digest, person, made_at, used_at);
}

export function passkeyRow(sealer: Sealer, passkey: Passkey): PasskeyRow {
  const { id, person, name, handle, publicKey, counter, transports, madeAt, usedAt } = passkey;
  const row = {
    id,
    person,
    name,
    handle,
    public_key: Buffer.from(publicKey),
    counter,
    transports: transports.join(),
    made_at: madeAt,
    used_at: usedAt,
  };
  return { ...row, seal: sealPasskey(sealer, row) };
}

export function sealPasskey(sealer: Sealer, row: Unsealed<PasskeyRow>): Buffer {
  const { id, person, name, handle, public_key, counter, transports, made_at, used_at } = row;
  const values = [id, person, name, handle, public_key, counter, transports, made_at, used_at] as const;
  return sealer.seal('console_passkey', ...values);
}

export function passkeyOf(row: PasskeyRow): Passkey {
  const { id, person, name, handle, public_key: publicKey, counter, transports } = row;
  return {
    id,
    person,
    name,
    handle,
    publicKey,
    counter,
    transports: transports === '' ? [] : transports.split(','),
    madeAt: row.made_at,
    usedAt: row.used_at,
  };
}

export function sessionRow(sealer: Sealer, session: Session): SessionRow {
  const { digest, person, passkey, openedAt, usedAt, provedAt } = session;
  const times = { opened_at: openedAt, used_at: usedAt, proved_at: provedAt };
  const row = { digest: Buffer.from(digest), person, passkey, ...times };
  return { ...row, seal: sealSession(sealer, row) };
}

export function sealSession(sealer: Sealer, row: Unsealed<SessionRow>): Buffer {
  const { digest, person, passkey, opened_at, used_at, proved_at } = row;
  return sealer.seal('console_session', digest, person, passkey, opened_at, used_at, proved_at);
}

export function sessionOf(row: SessionRow): Session {
  const { digest, person, passkey, opened_at, used_at, proved_at } = row;
  return { digest, person, passkey, openedAt: opened_at, usedAt: used_at, provedAt: proved_at };
}

/** `before`: the seal of the entry before; for the first entry 16 zero bytes. */
export function sealEntry(
  sealer: Sealer,
  { number, at, person, what }: Unsealed<EntryRow>,
  before: Uint8Array,
): Buffer {
  return sealer.seal('console_history', number, at, person, what, before);
}

export function sealConsoleCount(sealer: Sealer, { rows, sum }: Tally): Buffer {
  return sealer.seal('console_count', rows, sum);
}
