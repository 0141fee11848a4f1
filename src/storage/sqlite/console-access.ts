/** The port of the console's access on SQLite. */
import type { ConsoleAccess } from '../../domain/console-access.ts';
import type { Access } from './access.ts';
import type { ConsoleTables } from './console-tables.ts';

export function consoleAccess(tables: ConsoleTables, access: Access): ConsoleAccess {
  return {
    addLink: (link, entry) => access.write(() => tables.addLink(link, entry)),
    openByLink: (digest, notBefore, session) =>
      access.write(() => tables.openByLink(digest, notBefore, session)),
    openByPasskey: (passkey, session) => access.write(() => tables.openByPasskey(passkey, session)),
    findSession: (digest) => access.read(() => tables.findSession(digest)),
    touchSession: (digest, at) => access.write(() => tables.touchSession(digest, at)),
    listSessions: () => access.read(() => tables.listSessions()),
    endSessions: (which, entry) => access.write(() => tables.endSessions(which, entry)),
    addPasskey: (passkey, entry) => access.write(() => tables.addPasskey(passkey, entry)),
    findPasskey: (id) => access.read(() => tables.findPasskey(id)),
    listPasskeys: () => access.read(() => tables.listPasskeys()),
    removePasskey: (id, entry) => access.write(() => tables.removePasskey(id, entry)),
    note: (entry) => access.write(() => tables.note(entry)),
    listEntries: (limit) => access.read(() => tables.listEntries(limit)),
  };
}
