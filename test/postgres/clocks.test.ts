/**
 * What two instances share beside the outbox, one whose clock is 10 minutes ahead and one 10 minutes behind: it goes by the
 * database's clock. The controls have the clock of each instance in its place.
 */
import test from 'ava';
import type { BegunJob } from '../../src/domain/ports/long-job.ts';
import { eventOf, factOf, issueOf, issueTo } from '../kit/ledger-data.ts';
import { run } from './server.ts';
import { type Instance, type Instances, instances, MINUTE, SECOND } from './skewed.ts';
import { standStill } from './unlocked.ts';

const JOB: Omit<BegunJob, 'beganAt'> = {
  ...{ kind: 'erase', what: 'one', mode: 'live', person: 'Ada', from: 'orders' },
};

test.serial('long work of one instance runs for the other one too, until it falls silent', async (t) => {
  const begin = ({ ledger, now }: Instance, run: string) =>
    ledger.jobs.begin({ ...JOB, beganAt: now() }, { run, isAlone: false, now: now() });
  const { push, ahead, behind } = await instances(t);
  const { number } = await begin(behind, 'one');
  t.deepEqual(await begin(ahead, 'two'), { number, isNew: false });
  const seen = (await ahead.ledger.jobs.find(number))?.seenAt ?? 0;
  t.true(Math.abs(ahead.now() - seen) < 20 * SECOND, 'told in the clock of who asks');
  await push(61 * SECOND);
  await ahead.claim();
  t.true((await begin(ahead, 'two')).isNew);
  const control = await instances(t, 'given');
  await begin(control.behind, 'one');
  t.true((await begin(control.ahead, 'two')).isNew, 'control: by their own clocks it is begun twice');
});

test.serial('a download in parts by two instances is one', async (t) => {
  const about = {
    license: new Uint8Array(16).fill(7),
    product: 'app',
    version: '1',
    file: 'App.zip',
    link: 1,
  };
  const count = async ({ ahead, behind }: Instances) => {
    const range = (from: number, to: number) => ({ ...about, size: 9, range: [from, to] as const, from });
    await ahead.ledger.downloads.note({ ...range(0, 5), at: ahead.now() });
    await behind.ledger.downloads.note({ ...range(5, 9), at: behind.now() });
    return (await ahead.ledger.downloads.ofLicense(about.license, 9)).length;
  };
  t.is(await count(await instances(t)), 1);
  t.is(await count(await instances(t, 'given')), 2, 'control: by their own clocks');
});

test.serial(
  'a link into the console opens a session at the other instance, for as long as at its own',
  async (t) => {
    const digest = new Uint8Array(32).fill(1);
    const enter = async ({ ahead, behind }: Instances) => {
      const entry = { at: behind.now(), person: 'Ada', what: 'a link' };
      await behind.ledger.consoleAccess.addLink({ digest, person: 'Ada', madeAt: behind.now() }, entry);
      const now = ahead.now();
      const session = { digest, openedAt: now, usedAt: now, provedAt: now };
      await ahead.ledger.consoleAccess.openByLink(digest, now - 10 * MINUTE, session);
      const found = await behind.ledger.consoleAccess.findSession(digest);
      return found && found.provedAt - behind.now();
    };
    const since = await enter(await instances(t));
    t.true(since !== undefined && Math.abs(since) < 20 * SECOND, `${since} ms`);
    t.is(await enter(await instances(t, 'given')), undefined, 'control: by their own clocks it is too old');
  },
);

test.serial('links that one instance withdraws are withdrawn at the other one at once', async (t) => {
  const { ahead, behind } = await instances(t);
  const { held } = await issueTo(ahead.ledger, issueOf({ order: 'L1' }));
  const { id } = held.licenses[0];
  await ahead.ledger.selfService.newLinks([id], ahead.now());
  t.is(await behind.ledger.selfService.generation(id), 1);
  t.is(await behind.ledger.selfService.generation(id, behind.now()), 0, 'control: by its own clock');
  const [mail] = await ahead.ledger.outbox.list({ channel: 'mail', limit: 1 });
  t.is(
    await behind.ledger.selfService.generation(id, mail?.at ?? 0),
    0,
    'what was announced before has the old links',
  );
});

test.serial('an erasure finds the event that an instance behind received meanwhile', async (t) => {
  const { url, ahead, behind } = await instances(t);
  const ada = { name: 'Ada', email: 'ada@example.com' };
  const sale = (id: string) =>
    eventOf(
      id,
      [factOf(`order:E1`, { kind: 'sold', product: 'app', quantity: 1, line: 'app' }, { key: id })],
      {
        people: [{ subject: 'order:E1', customer: ada }],
        payload: JSON.stringify({ id, ada }),
      },
    );
  await ahead.ledger.ingest(sale('before'));
  const client = await standStill(url, 'other', '0', ['- - outbox']);
  const erased = ahead.ledger.eraseCustomer({ email: ada.email });
  for (let waiting = 0; waiting === 0; ) {
    const [row] = await run(
      `SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
      url,
    );
    waiting = Number(row?.['waiting']);
  }
  await behind.ledger.ingest(sale('meanwhile'));
  await client.end();
  t.is((await erased).events, 2);
  t.deepEqual(await ahead.ledger.findEventsAbout(ada.email), []);
});
