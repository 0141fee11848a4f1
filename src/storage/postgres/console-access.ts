/** Who gets into the console, on PostgreSQL: all rows of its tables are loaded, since there are few. */
import type { ConsoleAccess, ConsoleEntry, Passkey, Session } from '../../domain/ports/console-access.ts';
import { consoleAccess } from '../sqlite/console-access.ts';
import { CONSOLE, CONSOLE_LOCK } from './loads.ts';
import type { GroupCommit } from './session/group-commit.ts';
import type { ReadLane } from './session/read-lane.ts';
import type { SharedClock } from './session/shared-clock.ts';

/** How a moment is by another clock. */
type Turn = (moment: number) => number;

/** The rows have the times of the shared clock: a link of one instance opens a session at another. */
export function consoleAccessPort(commits: GroupCommit, reads: ReadLane, clock: SharedClock): ConsoleAccess {
  const access = consoleAccess({
    write: (act) => commits.run({ locks: [CONSOLE_LOCK], loads: CONSOLE }, ({ access }) => act(access)),
    read: (query) => reads.read({ loads: CONSOLE }, ({ access }) => query(access)),
  });
  const shared: Turn = (moment) => clock.shared(moment);
  const own: Turn = (moment) => clock.own(moment);
  return {
    addLink: (link, entry) =>
      access.addLink({ ...link, madeAt: shared(link.madeAt) }, entryAt(entry, shared)),
    openByLink: async (digest, notBefore, session) => {
      const opened = await access.openByLink(digest, shared(notBefore), sessionAt(session, shared));
      return opened && sessionAt(opened, own);
    },
    openByPasskey: async (passkey, session) =>
      sessionAt(await access.openByPasskey(passkeyAt(passkey, shared), sessionAt(session, shared)), own),
    findSession: async (digest) => {
      const session = await access.findSession(digest);
      return session && sessionAt(session, own);
    },
    touchSession: (digest, at) => access.touchSession(digest, shared(at)),
    listSessions: async () => (await access.listSessions()).map((session) => sessionAt(session, own)),
    endSessions: (which, entry) => access.endSessions(which, entryAt(entry, shared)),
    addPasskey: (passkey, entry) => access.addPasskey(passkeyAt(passkey, shared), entryAt(entry, shared)),
    findPasskey: async (id) => {
      const passkey = await access.findPasskey(id);
      return passkey && passkeyAt(passkey, own);
    },
    listPasskeys: async () => (await access.listPasskeys()).map((passkey) => passkeyAt(passkey, own)),
    removePasskey: (id, entry) => access.removePasskey(id, entryAt(entry, shared)),
    note: (entry) => access.note(entryAt(entry, shared)),
    listEntries: async (limit) => (await access.listEntries(limit)).map((entry) => entryAt(entry, own)),
  };
}

function sessionAt<T extends Pick<Session, 'openedAt' | 'usedAt' | 'provedAt'>>(session: T, turn: Turn): T {
  const { openedAt, usedAt, provedAt } = session;
  return { ...session, openedAt: turn(openedAt), usedAt: turn(usedAt), provedAt: turn(provedAt) };
}

function passkeyAt(passkey: Passkey, turn: Turn): Passkey {
  const { madeAt, usedAt } = passkey;
  return { ...passkey, madeAt: turn(madeAt), usedAt: usedAt === null ? null : turn(usedAt) };
}

function entryAt(entry: ConsoleEntry, turn: Turn): ConsoleEntry {
  return { ...entry, at: turn(entry.at) };
}
