/** What the database protects: a role that may not delete, people who were erased, and an instance that stands still. */
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { factOf, issueOf, keepTexts, orderOf } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { connect } from './connect.ts';
import { newOwner, newSchema, openOn, run, serverUrl } from './server.ts';
import { withServiceRole } from './service-role.ts';
import { standStill } from './unlocked.ts';

const MARKET = { marketplace: orderOf().marketplace };
const ENTRY = { at: SOLD_AT, person: 'ada', what: 'did something' };

const ADA = { email: 'ada@example.com' };

/** The customer of a new order is erased. */
async function erasing(t: ExecutionContext, url: string) {
  const ledger = await openOn(t, url);
  await keepTexts(ledger);
  await ledger.issueFirst(issueOf({ customer: { name: 'Ada', ...ADA } }));
  return () => ledger.eraseCustomer(ADA);
}

test.serial('an erasure is clean for the owner of the tables, and says so where it is not', async (t) => {
  const { url, own } = await withServiceRole(t);
  t.like(await (await erasing(t, own))(), { licenses: 1, clean: false }, 'VACUUM only warns');
  const erase = await erasing(t, await newSchema());
  const reader = await connect(url);
  t.teardown(() => reader.end());
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await reader.query('SELECT 1');
  t.like(await erase(), { licenses: 1, clean: false }, 'a reader may still see the rows');
  await reader.query('COMMIT');
  t.true(await isCleanAtLast(erase), 'once more');
});

/** Other tests read beside it, and an automatic vacuum may run: each ends soon. */
async function isCleanAtLast(erase: () => Promise<{ readonly clean: boolean }>): Promise<boolean> {
  for (let turn = 0; turn < 20; turn++) {
    if ((await erase()).clean) return true;
    await wait(100);
  }
  return false;
}

test.serial(
  'an erasure by the owner of the tables is not clean while another role may still read the rows',
  async (t) => {
    const erase = await erasing(t, (await newOwner()).url);
    const reader = await connect(serverUrl());
    t.teardown(() => reader.end());
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query('SELECT 1');
    t.like(await erase(), { licenses: 1, clean: false });
    await reader.query('COMMIT');
    t.true(await isCleanAtLast(erase));
  },
);

test.serial('a role without DELETE and TRUNCATE suffices, also for what is removed', async (t) => {
  const { own } = await withServiceRole(t);
  const ledger = await openOn(t, own);
  await keepTexts(ledger);
  await ledger.issueFirst(issueOf());
  const subject = `order:${orderOf().order}` as const;
  const tell = (kind: 'disputed' | 'dispute-won', turn: number) =>
    ledger.addFacts([factOf(subject, { kind }, { ...MARKET, key: `${turn}`, at: SOLD_AT + turn })]);
  const listed = async () => {
    const { revoked, suspended } = await ledger.publishList('app', 1, SOLD_AT + 3 * 86_400_000);
    return revoked.length + suspended.length;
  };
  await tell('disputed', 1);
  t.true((await listed()) > 0, 'an entry is there');
  await tell('dispute-won', 2);
  t.is((await ledger.findOrder(orderOf()))?.licenses[0].state, 'active');
  t.is(await listed(), 0, 'and is removed');
  await tell('disputed', 3);
  t.true((await listed()) > 0, 'and comes again');
  await t.throwsAsync(run('DELETE FROM license', own), {
    message: /permission denied/,
  });
});

test.serial(
  'who may enter the console is on record: sessions end, passkeys go, links are used once',
  async (t) => {
    const ledger = await openOn(t, await newSchema());
    const { consoleAccess: access } = ledger;
    const digest = Buffer.alloc(32, 1);
    await access.addLink({ digest, person: 'ada', madeAt: SOLD_AT }, ENTRY);
    const session = { digest: Buffer.alloc(32, 2), openedAt: SOLD_AT, usedAt: SOLD_AT, provedAt: SOLD_AT };
    t.is((await access.openByLink(digest, SOLD_AT, session))?.person, 'ada');
    t.is(await access.openByLink(digest, SOLD_AT, session), undefined);
    t.is((await access.listSessions()).length, 1);
    t.is(await access.endSessions('all', ENTRY), 1);
    t.deepEqual(await access.listSessions(), []);
    t.is(await access.findSession(session.digest), undefined);
    t.true((await access.listEntries(9)).length >= 1);
    await access.note(ENTRY);
  },
);

test.serial(
  'stall: an instance that stands still in an act stops others for two seconds at most',
  async (t) => {
    const url = await newSchema();
    const ledger = await openOn(t, url, {}, { patience: 6000 });
    await keepTexts(ledger);
    const client = await standStill(url, 'H1');
    t.teardown(() => client.end().catch(() => {}));
    t.is((await ledger.issueFirst(issueOf({ order: 'H1' }))).outcome, 'issued');
    t.is((await ledger.issueFirst(issueOf({ order: 'H2' }))).outcome, 'issued');
  },
);

test.serial('control of stall: without the limit the act is given up', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, url, {}, { patience: 3000 });
  await keepTexts(ledger);
  const client = await standStill(url, 'H3', '0');
  t.teardown(() => client.end().catch(() => {}));
  await t.throwsAsync(ledger.issueFirst(issueOf({ order: 'H3' })), { code: 'ledger_unavailable' });
});
