/** PostgreSQL answers errors in the middle of transactions and at their COMMIT. */
import { run } from '../../postgres/server.ts';
import type { Weakness } from '../kit/weakening.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { ordersOf, Shop } from './selling.ts';

const CODES = ['40001', '40P01', '57P01', '55P03', '53300', '40003'];

/** A group of acts writes fewer rows, so that it gets through in the end. */
const EVERY = 41;

/** Every n-th write of these fails; a sequence counts, since it is not rolled back. */
const INJECT = `
  CREATE SEQUENCE nth;
  CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE n bigint := nextval('nth');
  BEGIN
    IF n % ${EVERY} = 0 THEN
      RAISE EXCEPTION 'injected' USING ERRCODE = (ARRAY['${CODES.join("','")}'])[1 + (n / ${EVERY}) % ${CODES.length}];
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER fail_license BEFORE INSERT ON license FOR EACH ROW EXECUTE FUNCTION fail();
  CREATE TRIGGER fail_pen BEFORE UPDATE ON pen FOR EACH ROW EXECUTE FUNCTION fail();
  CREATE CONSTRAINT TRIGGER fail_commit AFTER INSERT ON license DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION fail()`;

export const ERRORS_ARE_IGNORED: Weakness = {
  file: 'src/storage/postgres/session/lane.ts',
  changes: [
    [
      'if (isLost(error) && (await this.#isDone(group, pen))) return;',
      'if (isLost(error) || isRepeatable(error)) return;',
    ],
  ],
};

export const postgresCodes: Proof = {
  title: `PostgreSQL answers ${CODES.join(', ')} in turns to writes and COMMITs: each order is issued exactly once, and counts are right`,
  unit: 'orders',
  quick: 100,
  full: 2000,
  run: (orders, tools) => inject(orders, tools),
  controls: [
    { title: 'an error of a transaction is ignored', run: (tools) => inject(60, tools, ERRORS_ARE_IGNORED) },
  ],
};

async function inject(count: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  await privateCluster(tools);
  const shop = await Shop.open(tools, weakness);
  const instances = [await shop.start(), await shop.start()];
  await run(INJECT, shop.url);
  await shop.sellAll(ordersOf('I', count), (order) => shop.sellAtLast(instances, order));
  await run('DROP FUNCTION fail() CASCADE', shop.url);
  await shop.judge();
  const [row] = await run('SELECT last_value::int AS writes FROM nth', shop.url);
  tools.note(`${row?.['writes']} writes were counted for ${count} orders`);
  return { done: count, violations: shop.violations };
}
