/** Who may enter the console: the port of its links, passkeys, sessions and history. Each method is one atomic act. */

/** A one-time link. `digest`: SHA-256 of its secret. Times in milliseconds since 1970-01-01. */
export interface Link {
  readonly digest: Uint8Array;
  readonly person: string;
  readonly madeAt: number;
}

export interface Passkey {
  /** The credential id, base64url. */
  readonly id: string;
  readonly person: string;
  /** What the person calls it. */
  readonly name: string;
  /** The person's user handle, base64url. */
  readonly handle: string;
  /** COSE. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly madeAt: number;
  readonly usedAt: number | null;
}

export interface Session {
  /** SHA-256 of the cookie's value. */
  readonly digest: Uint8Array;
  readonly person: string;
  /** The passkey that opened it; null: a link did. */
  readonly passkey: string | null;
  readonly openedAt: number;
  readonly usedAt: number;
  /** The last time that a passkey or a link proved who is there. */
  readonly provedAt: number;
}

/** A line of the console's own history. No personal data but the person's name in the console. */
export interface ConsoleEntry {
  readonly at: number;
  readonly person: string;
  readonly what: string;
}

/** Rows that were not written by Mintmark count as missing. */
export interface ConsoleAccess {
  addLink(link: Link, entry: ConsoleEntry): Promise<void>;
  /** Uses up a link that was made at `notBefore` or later, and opens a session for its person, in one act. */
  openByLink(
    digest: Uint8Array,
    notBefore: number,
    session: Omit<Session, 'person' | 'passkey'>,
  ): Promise<Session | undefined>;
  /** Opens a session by a passkey and notes the passkey's counter and use. */
  openByPasskey(passkey: Passkey, session: Omit<Session, 'person' | 'passkey'>): Promise<Session>;
  findSession(digest: Uint8Array): Promise<Session | undefined>;
  /** Notes the last use. */
  touchSession(digest: Uint8Array, at: number): Promise<void>;
  listSessions(): Promise<readonly Session[]>;
  /** Ends sessions by digest, of a passkey, of a person, or all. Resolves to their number. */
  endSessions(
    which:
      | { readonly digest: Uint8Array }
      | { readonly passkey: string }
      | { readonly person: string }
      | 'all',
    entry: ConsoleEntry,
  ): Promise<number>;
  addPasskey(passkey: Passkey, entry: ConsoleEntry): Promise<void>;
  findPasskey(id: string): Promise<Passkey | undefined>;
  listPasskeys(): Promise<readonly Passkey[]>;
  /** Removes a passkey and ends its sessions. False: there is none. */
  removePasskey(id: string, entry: ConsoleEntry): Promise<boolean>;
  note(entry: ConsoleEntry): Promise<void>;
  /** The newest first. */
  listEntries(limit: number): Promise<readonly ConsoleEntry[]>;
}
