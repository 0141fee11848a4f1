/** The port of the console's access, for every database. */
import type { ConsoleAccess } from '../../domain/ports/console-access.ts';
import type { Access } from './access.ts';
import type { ConsoleTables } from './console-tables.ts';

/** Runs synchronous acts and reads over the console's tables. */
export interface ConsoleRunner {
  readonly write: <T>(act: (tables: ConsoleTables) => T) => Promise<T>;
  readonly read: <T>(query: (tables: ConsoleTables) => T) => Promise<T>;
}

/** On SQLite. */
export function runnerOn(tables: ConsoleTables, access: Access): ConsoleRunner {
  return {
    write: (act) => access.write(() => act(tables)),
    read: (query) => access.read(() => query(tables)),
  };
}

export function consoleAccess({ write, read }: ConsoleRunner): ConsoleAccess {
  return {
    addLink: (link, entry) => write((tables) => tables.addLink(link, entry)),
    openByLink: (digest, notBefore, session) =>
      write((tables) => tables.openByLink(digest, notBefore, session)),
    openByPasskey: (passkey, session) => write((tables) => tables.openByPasskey(passkey, session)),
    findSession: (digest) => read((tables) => tables.findSession(digest)),
    touchSession: (digest, at) => write((tables) => tables.touchSession(digest, at)),
    listSessions: () => read((tables) => tables.listSessions()),
    endSessions: (which, entry) => write((tables) => tables.endSessions(which, entry)),
    addPasskey: (passkey, entry) => write((tables) => tables.addPasskey(passkey, entry)),
    findPasskey: (id) => read((tables) => tables.findPasskey(id)),
    listPasskeys: () => read((tables) => tables.listPasskeys()),
    removePasskey: (id, entry) => write((tables) => tables.removePasskey(id, entry)),
    note: (entry) => write((tables) => tables.note(entry)),
    listEntries: (limit) => read((tables) => tables.listEntries(limit)),
  };
}
