/** /console/MODE/upkeep/keys/KEY/compromised: the steps after a key leaked, and the job that replaces what it signed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { countAffected, reissueAffected } from '../../domain/desk/compromised.ts';
import { AppError } from '../../errors.ts';
import { html } from '../../html/markup.ts';
import type { KeyEntry } from '../../keyring/keyring.ts';
import { RUN } from '../../service/command.ts';
import { decisionForm, groundsOf, requireShown } from '../decisions/form.ts';
import { countedThings } from '../text.ts';
import { type Answer, at, notFound, param, type Screen, type Visit } from '../visit.ts';

/** Licenses a minute, which is the rate of the mails too. */
const RATE = 600;

export const compromised: Screen = {
  path: '/upkeep/keys/:key/compromised',
  isGrave: () => true,
  get: async (visit) => {
    const key = keyNamed(visit);
    if (stillSigns(visit, key)) return stepsBefore(visit, key);
    const body = decisionForm({
      question: `Replace every license that key ${key.id} signed?`,
      consequences: [
        'Each license that is active, suspended or good for ever gets a successor, signed by the key that signs now, and the old one is revoked.',
        'Customers are mailed their new codes where mail is set.',
        'First release your program with a keyring without this key: until then whoever has the key can sign.',
        'It can be stopped in the middle, and run again.',
      ],
      button: 'Replace them',
      isDanger: true,
      action: at(visit, 'upkeep', 'keys', String(key.id), 'compromised'),
      leave: at(visit, 'upkeep'),
      shown: key.state,
      fields: html`<div><label for="rate">Licenses a minute</label><input id="rate" name="rate" type="number" min="1" max="100000" value="${RATE}" required></div>`,
    });
    return { title: 'Replace?', nav: 'upkeep', body };
  },
  post: async (visit) => {
    const { id, state } = keyIn(visit);
    const grounds = groundsOf(visit);
    requireShown(visit, state, `Key ${id} is ${state} meanwhile.`);
    const { desk, ledger, reader, upkeep, now } = visit.parts;
    const rate = Number(visit.form.get('rate') ?? RATE);
    if (!Number.isInteger(rate) || rate < 1 || rate > 100_000)
      throw new AppError('unfit_form', 'Give the licenses a minute as a whole number from 1.');
    const what = `replaces what key ${id} signed: ${grounds.reason}`;
    await ledger.consoleAccess.note({ at: visit.now, person: grounds.actor, what });
    const work = { key: id, keyIdOf: upkeep.keyIdOf, reads: reader };
    const pause = (milliseconds: number) => sleep(milliseconds, undefined, { ref: false });
    const job = {
      kind: 'replace',
      what: `Replace what key ${id} signed`,
      mode: null,
      person: grounds.actor,
      from: `upkeep/keys/${id}/compromised`,
    } as const;
    const number = await visit.jobs.begin(job, async (report) => {
      const { open: all } = await countAffected(desk, work);
      const onProgress = (done: number) => report({ done, all });
      onProgress(0);
      const reissued = await reissueAffected(desk, { ...work, grounds, rate, now, pause, onProgress });
      return `${countedThings(reissued, 'license')} ${reissued === 1 ? 'was' : 'were'} replaced.`;
    });
    return { redirect: at(visit, 'jobs', String(number)) };
  },
};

function keyNamed(visit: Visit): KeyEntry {
  const key = visit.parts.upkeep.keys().find(({ id }) => String(id) === param(visit, 'key'));
  if (key === undefined) throw notFound('There is no such key.');
  return key;
}

/** The service signs with the keys of its start. */
function stillSigns({ parts }: Visit, { id, state }: KeyEntry): boolean {
  return state === 'active' || parts.keyring.some((entry) => entry.id === id && entry.state === 'active');
}

/** Another key takes its place on the command line, since programs have to know it first. */
function stepsBefore(visit: Visit, { id, mode, state }: KeyEntry): Answer {
  const command = (words: string) => html`<code>${RUN} ${words}</code>`;
  const body = html`<div class="head"><h1>Key ${id} leaked</h1></div><div class="stack"><section class="card flow" aria-label="What to do">
<p>Key ${id} still signs${state !== 'active' && ' in this service: it was started before another key took its place'}. Until another key does, what it signed cannot be replaced.</p>
<ol class="flow"><li>Make another key: ${command(`keys new --mode ${mode} --next`)}</li>
<li>Release your program with a keyring that has the new key, and not this one: ${command('keys export --live-only')}</li>
<li>Let the new key sign: ${command('keys activate KEY')}, and start the service again.</li>
<li>Come back here, and replace what key ${id} signed.</li></ol>
<p><a class="button" href="${at(visit, 'upkeep')}">To the keys</a></p></section></div>`;
  return { title: `Key ${id} leaked`, nav: 'upkeep', body };
}

function keyIn(visit: Visit): KeyEntry {
  const key = keyNamed(visit);
  if (!stillSigns(visit, key)) return key;
  throw new AppError(
    'unfit_form',
    `Key ${key.id} still signs: another key has to take its place first, and the service has to be started again.`,
  );
}
