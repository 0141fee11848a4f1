/** Upkeep: the ledger is checked, shop and keys are backed up, the live key is made. What takes long is a job. */
import type { JobKind } from '../../domain/ports/long-job.ts';
import { isAddress } from '../../domain/values/address.ts';
import { AppError } from '../../errors.ts';
import { SEEN } from '../../service/noted.ts';
import { sayingOf, withSaying } from '../decisions/sayings.ts';
import type { Work } from '../jobs/jobs.ts';
import { at, notFound, param, query, type Screen, type Visit } from '../visit.ts';
import { upkeepPage } from './page.ts';

const upkeep: Screen = {
  path: '/upkeep',
  get: async (visit) => ({
    title: 'Upkeep',
    nav: 'upkeep',
    counterpart: 'upkeep',
    body: upkeepPage(visit, visit.parts.upkeep, sayingOf(query(visit, 'did'))),
  }),
};

const check: Screen = {
  path: '/upkeep/check',
  post: async (visit) => {
    const { upkeep: own, now } = visit.parts;
    return jobOf(visit, 'check', 'Check the ledger', (report) => own.check(report, now));
  },
};

const backup: Screen = {
  path: '/upkeep/backup',
  isGrave: () => true,
  get: async (visit) => ({ redirect: at(visit, 'upkeep') }),
  post: async (visit) => {
    const { parts, form, now, session } = visit;
    const given = form.get('passphrase') ?? '';
    const passphrase = given === '' ? undefined : given;
    const kind = form.get('kind') === 'keys' ? 'keys' : 'shop';
    parts.upkeep.checkPassphrase(passphrase);
    await parts.ledger.consoleAccess.note({ at: now, person: session.person, what: `backed up the ${kind}` });
    return jobOf(visit, 'backup', kind === 'keys' ? 'Back up the keys' : 'Back up the shop', () =>
      parts.upkeep.backUp(kind, passphrase, now),
    );
  },
};

/** Sends a backup, which is encrypted. */
const made: Screen = {
  path: '/upkeep/backups/:name',
  isGrave: () => true,
  get: async (visit) => {
    const name = param(visit, 'name');
    const file = visit.parts.upkeep.openBackup(name);
    if (file === undefined) throw notFound('There is no such backup.');
    return { file, name, type: 'application/octet-stream' };
  },
};

const elsewhere: Screen = {
  path: '/upkeep/elsewhere',
  isGrave: () => true,
  get: async (visit) => ({ redirect: at(visit, 'upkeep') }),
  post: async (visit) => {
    const { parts, now, session } = visit;
    parts.upkeep.noteBackedUpElsewhere(now);
    const what = 'noted that the keys are backed up elsewhere';
    await parts.ledger.consoleAccess.note({ at: now, person: session.person, what });
    return { redirect: withSaying(at(visit, 'upkeep'), 'elsewhere') };
  },
};

const key: Screen = {
  path: '/upkeep/key',
  isGrave: () => true,
  get: async (visit) => ({ redirect: at(visit, 'upkeep') }),
  post: async (visit) => {
    const { parts, now, session } = visit;
    if (parts.upkeep.keys().some(({ mode }) => mode === 'live'))
      throw new AppError('stale_form', 'There is a live key already.');
    const { id } = await parts.upkeep.makeLiveKey(now);
    await parts.ledger.consoleAccess.note({ at: now, person: session.person, what: `made live key ${id}` });
    return { redirect: withSaying(at(visit, 'upkeep'), 'key') };
  },
};

const seen: Screen = {
  path: '/upkeep/seen/:what',
  post: async (visit) => {
    const { parts, now, session } = visit;
    const what = SEEN.find((each) => each === param(visit, 'what'));
    if (what === undefined) throw notFound('There is nothing to see.');
    parts.upkeep.noteSeen(what, session.person, now);
    return { redirect: withSaying(at(visit, 'go-live'), 'seen') };
  },
};

const testMail: Screen = {
  path: '/upkeep/mail',
  post: async (visit) => {
    const { parts, form, now } = visit;
    const address = form.get('address')?.trim() ?? '';
    if (!isAddress(address)) throw new AppError('unfit_form', 'Write one address, such as me@example.com.');
    if (parts.upkeep.sendTestMail === undefined) throw new AppError('unfit_form', 'No mail is set.');
    const { outcome, answer } = await parts.upkeep.sendTestMail(address, now);
    if (outcome !== 'sent') throw new AppError('unfit_form', `The relay did not take the mail: ${answer}`);
    return { redirect: withSaying(at(visit, 'go-live'), 'tested') };
  },
};

async function jobOf(visit: Visit, kind: JobKind, what: string, work: Work) {
  const job = { kind, what, mode: null, person: visit.session.person, from: 'upkeep' };
  const number = await visit.jobs.begin(job, work);
  return { redirect: at(visit, 'jobs', String(number)) };
}

export const upkeepScreens: readonly Screen[] = [upkeep, check, backup, made, elsewhere, key, seen, testMail];
