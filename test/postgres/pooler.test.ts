/** A pooler in transaction mode between the service and PostgreSQL. */
import test, { type ExecutionContext } from 'ava';
import type pg from 'pg';
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { connect } from './connect.ts';
import { startPooler } from './pooler.ts';
import { newSchema, openOn, run, serverUrl } from './server.ts';

/** The schema is that of the role, since a pooler takes no options. */
async function pooled(t: ExecutionContext, size: number) {
  const direct = await newSchema();
  const schema = /search_path%3D(\w+)/.exec(direct)?.[1];
  const role = `r${schema}`;
  for (const text of [
    `CREATE ROLE ${role} LOGIN`,
    `ALTER SCHEMA ${schema} OWNER TO ${role}`,
    `ALTER ROLE ${role} SET search_path = ${schema}`,
  ])
    await run(text);
  const { through, turns } = await startPooler(t, serverUrl(), size);
  return { url: through(direct).replace('user=postgres', `user=${role}`), direct, turns };
}

test.serial('three instances sell, repeat and read through two connections of a pooler', async (t) => {
  const { url, direct, turns } = await pooled(t, 2);
  const ledgers = [await openOn(t, url), await openOn(t, url), await openOn(t, url)];
  const [first] = ledgers;
  if (first === undefined) throw new Error('no instance');
  await keepTexts(first);
  const orders = Array.from({ length: 30 }, (_, place) => `P${place}`);
  const settled = await Promise.all(
    orders.flatMap((order) => ledgers.map((ledger) => ledger.issueFirst(issueOf({ order })))),
  );
  t.is(settled.filter(({ outcome }) => outcome === 'issued').length, orders.length);
  t.is(settled.filter(({ outcome }) => outcome === 'known').length, 2 * orders.length);
  for (const ledger of ledgers) t.is((await ledger.find({ by: 'order', order: 'P7' })).length, 1);
  t.deepEqual(await first.count(), { live: 30, test: 0 });
  await first.probe();
  const [row] = await run('SELECT count(*)::int AS rows FROM license', direct);
  t.is(row?.['rows'], orders.length);
  t.true(turns.count > 10, `${turns.count} turns`);
});

test.serial('control: through it, who prepares statements is told that they are gone', async (t) => {
  const { url } = await pooled(t, 1);
  const [one, two] = [await connect(url), await connect(url)];
  for (const client of [one, two]) t.teardown(() => client.end());
  const ask = (client: pg.Client, text: string) => client.query({ name: 'same', text, values: [1] });
  await ask(one, 'SELECT $1::int AS one');
  await t.throwsAsync(ask(two, 'SELECT $1::int AS two'), {
    message: /prepared statement "same" already exists/,
  });
});
