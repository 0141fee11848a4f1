/** One act that fails whenever it runs must not fail the acts that share its transaction. */
import test, { type ExecutionContext } from 'ava';
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { newSchema, openOn, run } from './server.ts';
import { standStill } from './unlocked.ts';

const NEIGHBORS = ['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7'];

/** Issues orders in one group, the poisonous one in the middle. Returns who was issued, and the code of the other. */
async function issueAll(t: ExecutionContext, prepare: (url: string) => Promise<unknown>) {
  const url = await newSchema();
  const ledger = await openOn(t, url);
  await keepTexts(ledger);
  await prepare(url);
  const orders = [...NEIGHBORS.slice(0, 3), 'POISON', ...NEIGHBORS.slice(3)];
  const settled = await Promise.allSettled(orders.map((order) => ledger.issueFirst(issueOf({ order }))));
  const issued = orders.filter((_, place) => settled[place]?.status === 'fulfilled');
  const faults = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
  const [row] = await run('SELECT sum(last_license)::int AS numbered FROM pen', url);
  return { issued, faults, numbered: row?.['numbered'] };
}

/** Writing the poisonous order fails with this SQLSTATE, always. */
const failing = (state: string) => (url: string) =>
  run(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.order_id = 'POISON' THEN RAISE EXCEPTION 'poison' USING ERRCODE = '${state}'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fail BEFORE INSERT ON license FOR EACH ROW EXECUTE FUNCTION fail()`,
    url,
  );

for (const [state, code] of [
  ['40001', 'ledger_unavailable'],
  ['23505', 'ledger_unavailable'],
  ['57P01', 'ledger_unavailable'],
  ['22012', 'internal'],
] as const) {
  test.serial(`an act that ends with ${state} each time fails alone`, async (t) => {
    const { issued, faults, numbered } = await issueAll(t, failing(state));
    t.deepEqual(issued, NEIGHBORS);
    t.deepEqual(faults, [code]);
    t.is(numbered, NEIGHBORS.length, 'numbers have no gap');
  });
}

test.serial('an act whose order another transaction holds for long fails alone', async (t) => {
  const { issued, faults } = await issueAll(t, async (url) => {
    const client = await standStill(url, 'POISON', '0');
    t.teardown(() => client.end());
  });
  t.deepEqual(issued, NEIGHBORS);
  t.deepEqual(faults, ['ledger_unavailable']);
});
