/** A database that is made anew, or replaced by an older copy of itself, under a ledger that runs on it. */
import test from 'ava';
import { issueOf, keepTexts, orderOf } from '../kit/ledger-data.ts';
import { newSchema, openOn, run } from './server.ts';

const schemaOf = (url: string) => /search_path%3D(\w+)/.exec(url)?.[1];

/** Ends the connections of the ledgers that named themselves so. */
const disconnect = (name: string) =>
  run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${name}'`);

test.serial(
  'a ledger whose schema was dropped is unavailable, also after another one was made there',
  async (t) => {
    const url = await newSchema();
    const own = `${url}&application_name=remade`;
    const ledger = await openOn(t, own);
    await keepTexts(ledger);
    t.is((await ledger.issueFirst(issueOf())).outcome, 'issued');
    const refused = { code: 'ledger_unavailable', message: /another ledger/ };
    const schema = schemaOf(url);
    await run(`DROP SCHEMA ${schema} CASCADE; CREATE SCHEMA ${schema}`);
    const isRefused = async (how: string) => {
      await t.throwsAsync(ledger.issueFirst(issueOf({ order: 'R1' })), refused, `${how}: an act`);
      await t.throwsAsync(ledger.findOrder(orderOf()), refused, `${how}: a read`);
      await t.throwsAsync(ledger.probe(), refused, `${how}: the probe`);
      await t.throwsAsync(ledger.listOrders({ limit: 9, now: 0 }), refused, `${how}: a list`);
    };
    await isRefused('dropped');
    const other = await openOn(t, url);
    await keepTexts(other);
    await isRefused('made anew');
    t.is((await other.issue(issueOf({ order: 'R1' }))).outcome, 'issued', 'control: it is a ledger');
  },
);

test.serial('an older copy that lacks the texts of sales gets them again by whoever sells', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, `${url}&application_name=older`);
  await keepTexts(ledger);
  t.is((await ledger.issueFirst(issueOf({ order: 'O1' }))).outcome, 'issued');
  const kept = await run('SELECT digest, content FROM message ORDER BY digest', url);
  await run('DELETE FROM license; DELETE FROM terms; DELETE FROM message', url);
  await disconnect('older');
  t.is((await ledger.issueFirst(issueOf({ order: 'O2' }))).outcome, 'issued');
  const [row] = await run(
    `SELECT (SELECT count(*) FROM license l LEFT JOIN message m ON m.digest = l.message WHERE m.digest IS NULL)::int AS messages,
      (SELECT count(*) FROM license l LEFT JOIN terms s ON s.digest = l.terms WHERE s.digest IS NULL)::int AS terms,
      (SELECT count(*) FROM license)::int AS licenses`,
    url,
  );
  t.deepEqual(row, { messages: 0, terms: 0, licenses: 1 });
  const again = await run('SELECT digest, content FROM message ORDER BY digest', url);
  t.true(again.length > 0);
  for (const { digest, content } of again)
    t.is(
      kept.find((each) => Buffer.compare(each['digest'] as Buffer, digest as Buffer) === 0)?.['content'],
      content,
    );
  await run('DELETE FROM license; DELETE FROM terms; DELETE FROM message', url);
  const without = await openOn(t, url);
  await t.throwsAsync(without.issue(issueOf({ order: 'O3' })), undefined, 'control: who never had the texts');
});
