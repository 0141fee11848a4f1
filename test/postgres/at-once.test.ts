/**
 * Requests and events of orders with several lines and products, told at once to three instances while transactions fail and
 * COMMITs are cut: the ledger ends as on SQLite, where they are told one by one.
 */
import test, { type ExecutionContext } from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import { type Handouts, MemoryHandouts } from '../../src/domain/ports/handouts.ts';
import { fulfill } from '../../src/domain/requests/fulfill.ts';
import type { Order } from '../../src/domain/values/order.ts';
import type { Product } from '../../src/domain/values/product.ts';
import fc from '../kit/fast-check.ts';
import { eventOf, factOf, keepTexts, orderOf, soldProduct } from '../kit/ledger-data.ts';
import { openLedger } from '../kit/ledger-file.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { ID_SECRET, KEYRING } from '../kit/minting.ts';
import type { Owner } from '../kit/service.ts';
import { startCutter } from './cutter.ts';
import { newSchema, openOn, run } from './server.ts';
import { faultsOf } from './shop-ledgers.ts';
import { delayWrites, dropUniqueness, unlockNames } from './unlocked.ts';

const PRODUCTS = [soldProduct('app'), soldProduct('app2', { quantity: 'seats' })];
const now = () => SOLD_AT + 86_400_000;

interface Instance {
  readonly ledger: Ledger;
  readonly handouts: Handouts;
}

type Act = (instance: Instance) => Promise<unknown>;

const LINES = PRODUCTS.flatMap((product) =>
  ['a', 'b'].map((name) => ({ product, line: `${name}-${product.id}` })),
);

/** Some lines of an order, each requested once or more, and what events say of it. */
interface Sale {
  readonly lines: typeof LINES;
  readonly quantity: number;
  readonly times: number;
  readonly isTold: boolean;
  readonly isRefunded: boolean;
}

const sales: fc.Arbitrary<Sale> = fc.record({
  lines: fc.subarray(LINES, { minLength: 1 }),
  quantity: fc.integer({ min: 1, max: 2 }),
  times: fc.integer({ min: 1, max: 3 }),
  isTold: fc.boolean(),
  isRefunded: fc.boolean(),
});

/** Sales, and in which order and at which instance each act comes. */
const plays = fc.record({
  sold: fc.array(sales, { minLength: 8, maxLength: 8 }),
  places: fc.array(fc.nat(1000), { minLength: 120, maxLength: 120 }),
});

const ask =
  (product: Product, order: Order): Act =>
  async ({ ledger, handouts }) => {
    const answer = await fulfill(order, product, { ledger, handouts, now });
    return 'licenses' in answer ? answer.licenses.map(({ answer }) => answer.code) : answer.outcome;
  };

function actsOf({ lines, quantity, times, isTold, isRefunded }: Sale, place: number) {
  const id = `O${place}`;
  const subject = `order:${id}` as const;
  const sold = lines.map(({ product, line }) =>
    factOf(
      subject,
      { kind: 'sold', product: product.id, quantity, line },
      { at: SOLD_AT, key: `sold ${id} ${line}` },
    ),
  );
  const alias = factOf(`order-id:I${id}`, { kind: 'alias', of: subject }, { key: `alias ${id}` });
  const refund = factOf(`order-id:I${id}`, { kind: 'refunded' }, { key: `refund ${id}` });
  const events = [
    ...(isTold ? [eventOf(`sold ${id}`, sold)] : []),
    ...(isRefunded ? [eventOf(`alias ${id}`, [alias]), eventOf(`refund ${id}`, [refund])] : []),
  ];
  const requests = lines.map(({ product, line }) =>
    ask(
      product,
      orderOf({ marketplace: 'fastspring', order: id, product: product.id, line, quantity, soldAt: SOLD_AT }),
    ),
  );
  const tells = events.map(
    (event): Act =>
      ({ ledger }) =>
        ledger.ingest(event),
  );
  return { id, requests, acts: [...Array.from({ length: times }, () => requests).flat(), ...tells] };
}

async function standing(ledger: Ledger, orders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const order of orders)
    for (const { id, line, product, unit, state } of await ledger.find({ by: 'order', order }))
      found.push(`${order} ${line} ${product} ${unit} ${state} ${Buffer.from(id).toString('hex')}`);
  return found.sort();
}

/** Three instances; the COMMITs of one are cut, and of all some transactions fail. */
async function openThree(owner: Owner, url: string): Promise<readonly Ledger[]> {
  const cutter = await startCutter(owner, url, ['before', 'after', 'half']);
  const open = (through: string, lanes: number) =>
    openOn(owner, through, { products: PRODUCTS, now }, { patience: 20_000, lanes });
  const ledgers = [await open(url, 1), await open(url, 2), await open(cutter.through(url), 1)] as const;
  // Their connections are open when the first acts come.
  for (const ledger of ledgers) await keepTexts(ledger, PRODUCTS);
  await run(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF random() < 0.1 THEN
        RAISE EXCEPTION 'again' USING ERRCODE = CASE WHEN random() < 0.5 THEN '40001' ELSE '40P01' END;
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON license FOR EACH ROW EXECUTE FUNCTION fail()`,
    url,
  );
  cutter.start();
  return ledgers;
}

async function play(t: ExecutionContext, { sold, places }: Played, prepare?: Prepare) {
  const stories = sold.map(actsOf);
  const orders = stories.map(({ id }) => id);
  const acts = stories
    .flatMap((story) => story.acts)
    .map((act, number) => ({ act, place: places[number % places.length] ?? 0 }))
    .sort((one, other) => one.place - other.place);
  const { ledger: file } = openLedger(t, { products: PRODUCTS, now });
  await keepTexts(file, PRODUCTS);
  for (const { act } of acts) await act({ ledger: file, handouts: new MemoryHandouts() });
  const url = await newSchema();
  const ledgers = await openThree(t, url);
  await prepare?.(url);
  const instances = ledgers.map((ledger) => ({ ledger, handouts: new MemoryHandouts() }));
  const [first] = instances;
  if (first === undefined) throw new Error('no instance');
  const told = await Promise.allSettled(
    acts.map(({ act, place }) => act(instances[place % instances.length] ?? first)),
  );
  const repeats = await Promise.all(
    stories.flatMap(({ requests }) =>
      requests.map(
        async (request) => new Set(await Promise.all(instances.map((each) => request(each).then(String)))),
      ),
    ),
  );
  return {
    expected: await standing(file, orders),
    found: await standing(first.ledger, orders),
    refused: told.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : [])),
    differing: repeats.filter(({ size }) => size !== 1).length,
    url,
  };
}

type Played = typeof plays extends fc.Arbitrary<infer T> ? T : never;
type Prepare = (url: string) => Promise<unknown>;

test.serial('requests and events told at once to three instances end as told one by one', async (t) => {
  await fc.assert(
    fc.asyncProperty(plays, async (drawn) => {
      const { expected, found, refused, differing, url } = await play(t, drawn);
      t.deepEqual(refused, []);
      t.deepEqual(found, expected);
      t.is(differing, 0, 'a repeat gets the same codes everywhere');
      t.deepEqual(await faultsOf(t, url, { idSecret: ID_SECRET, keyring: KEYRING }), []);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});

test.serial('control: without locks and unique keys they end otherwise', async (t) => {
  const prepare = async (url: string) => {
    // A group that fails runs again, and finds what the others did.
    await run('DROP TRIGGER fail ON license', url);
    await unlockNames(url);
    await dropUniqueness(url);
    await delayWrites(url, 'license', 0.005);
  };
  let isSame = true;
  for (const drawn of fc.sample(plays, 10)) {
    const { expected, found } = await play(t, drawn, prepare);
    isSame = found.join() === expected.join();
    if (!isSame) break;
  }
  t.false(isSame);
});
