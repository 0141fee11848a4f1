/** Settings: who gets in, what was done in the console, the looks, and which settings are set. */

import { originOf } from '../access/door.ts';
import { hasName } from '../access/passkeys.ts';
import { isOpen } from '../access/sessions.ts';
import { sayingOf, withSaying } from '../decisions/sayings.ts';
import { at, query, type Screen } from '../visit.ts';
import { chooseLooks, chosenLooks } from './looks.ts';
import { settingsPage } from './page.ts';

const MOST_ENTRIES = 100;

export const settings: Screen = {
  path: '/settings',
  get: async (visit) => {
    const { parts, context, now } = visit;
    const access = parts.ledger.consoleAccess;
    const [passkeys, sessions, entries] = await Promise.all([
      access.listPasskeys(),
      access.listSessions(),
      access.listEntries(MOST_ENTRIES),
    ]);
    const origin = originOf(context, parts.origin());
    const body = settingsPage(visit, {
      passkeys,
      sessions: sessions.filter((session) => isOpen(session, now)),
      entries,
      looks: chosenLooks(context),
      canAdd: hasName(origin),
      named: `${parts.origin()}/console/`,
      did: sayingOf(query(visit, 'did')),
    });
    return { title: 'Settings', nav: 'settings', counterpart: 'settings', script: 'passkey.js', body };
  },
};

export const looks: Screen = {
  path: '/settings/looks',
  post: async (visit) => {
    const theme = visit.form.get('theme');
    chooseLooks(visit.context, {
      theme: theme === 'light' || theme === 'dark' ? theme : undefined,
      shortcuts: visit.form.get('shortcuts') === 'on' ? 'on' : 'off',
    });
    return { redirect: withSaying(at(visit, 'settings'), 'saved') };
  },
};

/** Ends one session, by its digest, or all others of this person. */
export const endSession: Screen = {
  path: '/settings/sessions/end',
  post: async (visit) => {
    const { parts, session, now, form } = visit;
    const access = parts.ledger.consoleAccess;
    const wanted = form.get('session') ?? '';
    const all = await access.listSessions();
    const mine = Buffer.from(session.digest).toString('hex');
    const ended = all.filter(({ digest }) => {
      const name = Buffer.from(digest).toString('hex');
      return wanted === 'others' ? name !== mine : name === wanted;
    });
    for (const { digest, person } of ended)
      await access.endSessions(
        { digest },
        { at: now, person: session.person, what: `ended a session of ${person}` },
      );
    return { redirect: withSaying(at(visit, 'settings'), 'ended') };
  },
};

export const removePasskey: Screen = {
  path: '/settings/passkeys/remove',
  isGrave: () => true,
  get: async (visit) => ({ redirect: at(visit, 'settings') }),
  post: async (visit) => {
    const { parts, session, now, form } = visit;
    const id = form.get('passkey') ?? '';
    const access = parts.ledger.consoleAccess;
    const passkey = await access.findPasskey(id);
    if (passkey !== undefined)
      await access.removePasskey(id, {
        at: now,
        person: session.person,
        what: `removed the passkey “${passkey.name}” of ${passkey.person}`,
      });
    return { redirect: withSaying(at(visit, 'settings'), 'removed') };
  },
};
