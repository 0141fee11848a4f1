/** When a list is renewed and when it is not, read like a program. */
import { copyFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { AppError } from '../../src/errors.ts';
import {
  type ListSources,
  RevocationPublisher,
  type SignedList,
} from '../../src/keyring/revocation-publisher.ts';
import { formatLicenseId } from '../../src/license-code/license-id.ts';
import { loadRevocations } from '../../src/license-code/load-revocations.ts';
import { backupLedger } from '../../src/storage/sqlite/file/backup.ts';
import type { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { factOf, issueOf, messageOf, soldProduct } from '../kit/ledger-data.ts';
import { folderFor, openLedger, openWithMessage } from '../kit/ledger-file.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { KEYRING, signerFor } from '../kit/minting.ts';

const DAY = 86_400_000;
const PRODUCTS = [soldProduct('app')];

interface World {
  readonly ledger: SqliteLedger;
  readonly file: string;
  readonly clock: { now: number };
  /** Another process, or the next start. */
  readonly publisher: (parts?: Partial<ListSources>) => RevocationPublisher;
}

/** A ledger that calls `before` whenever a list is read from it. */
function watched(ledger: SqliteLedger, before: () => void): ListSources['ledger'] {
  return {
    products: () => ledger.products(),
    findListSeq: (product) => ledger.findListSeq(product),
    publishList: async (...asked) => {
      before();
      return ledger.publishList(...asked);
    },
  };
}

async function worldOf(t: ExecutionContext, file?: string): Promise<World> {
  const opened = await openWithMessage(t, { products: PRODUCTS, ...(file && { file }) });
  const clock = { now: SOLD_AT + DAY };
  const findProduct = (id: string) => PRODUCTS.find((product) => product.id === id);
  const publisher = (parts: Partial<ListSources> = {}) =>
    new RevocationPublisher({
      ledger: opened.ledger,
      signerFor,
      findProduct,
      now: () => clock.now,
      ...parts,
    });
  return { ...opened, clock, publisher };
}

async function listOf(publisher: RevocationPublisher, product = 'app'): Promise<SignedList> {
  const found = await publisher.find(product);
  if (found.outcome !== 'found') throw new Error(found.outcome);
  return found.list;
}

async function sell(ledger: SqliteLedger, order: string): Promise<string> {
  const issued = await ledger.issue(issueOf({ order, marketplace: 'fastspring' }));
  if (!('held' in issued)) throw new Error(issued.outcome);
  return formatLicenseId(issued.held.licenses[0].id);
}

let told = 0;
function decide(ledger: SqliteLedger, license: string, kind: 'withdrawn' | 'stopped' | 'reinstated') {
  told += 1;
  return ledger.addFacts([
    factOf(`license:${license}`, { kind }, { key: `told ${told}`, at: SOLD_AT + told * 1000 }),
  ]);
}

const read = ({ body }: SignedList, product = 'app') => loadRevocations(body.toString(), KEYRING, product);

test('a change is in the next requested list, whichever process made it, and the number rises', async (t) => {
  const { ledger, file, publisher } = await worldOf(t);
  const service = publisher();
  const license = await sell(ledger, '1');
  const empty = await listOf(service);
  t.false(read(empty).revoked(license));
  const command = openLedger(t, { file, products: PRODUCTS }).ledger;
  await decide(command, license, 'withdrawn');
  const second = await listOf(service);
  t.true(read(second).revoked(license));
  t.is(second.revoked, 1);
  t.true(second.seq > empty.seq);
  t.not(second.etag, empty.etag);
  await decide(command, license, 'reinstated');
  await decide(command, license, 'stopped');
  const third = await listOf(service);
  t.false(read(third).revoked(license));
  t.true(read(third).suspended(license));
  t.true(third.seq > second.seq);
});

test('without a change the same bytes are cached, and not read again', async (t) => {
  const { ledger, clock, publisher } = await worldOf(t);
  let published = 0;
  const counting = publisher({
    ledger: watched(ledger, () => {
      published += 1;
    }),
  });
  await decide(ledger, await sell(ledger, '1'), 'withdrawn');
  const first = await listOf(counting);
  for (let i = 0; i < 20; i++) {
    await sell(ledger, `later ${i}`);
    clock.now += 1000;
    t.is(await listOf(counting), first);
  }
  t.is(published, 1);
  // The control: a withdrawal makes it read again.
  await decide(ledger, await sell(ledger, '2'), 'withdrawn');
  await listOf(counting);
  t.is(published, 2);
});

test('a restart and another process give the same bytes for the same content', async (t) => {
  const { ledger, file, clock, publisher } = await worldOf(t);
  await decide(ledger, await sell(ledger, '1'), 'withdrawn');
  const first = await listOf(publisher());
  clock.now += 3 * DAY;
  const other = await worldOf(t, file);
  other.clock.now = clock.now;
  for (const again of [await listOf(publisher()), await listOf(other.publisher())]) {
    t.deepEqual(again.body, first.body);
    t.is(again.etag, first.etag);
  }
});

test('a change that is undone before a request makes no new list', async (t) => {
  const { ledger, publisher } = await worldOf(t);
  const service = publisher();
  const license = await sell(ledger, '1');
  const first = await listOf(service);
  await decide(ledger, license, 'withdrawn');
  await decide(ledger, license, 'reinstated');
  t.deepEqual((await listOf(service)).body, first.body);
});

test('an entry disappears when its code has expired for the latest clock, and returns with the clock', async (t) => {
  const { ledger, clock, publisher } = await worldOf(t);
  const service = publisher();
  const license = await sell(ledger, '1');
  await decide(ledger, license, 'withdrawn');
  const seen: [boolean, number][] = [];
  for (const day of ['2027-12-05', '2027-12-07', '2027-12-08', '2027-12-07']) {
    clock.now = Date.parse(day);
    const list = read(await listOf(service));
    seen.push([list.revoked(license), list.seq]);
  }
  t.deepEqual(
    seen.map(([revoked]) => revoked),
    [true, true, false, true],
  );
  t.deepEqual(
    seen.map(([, seq]) => seq),
    seen.map(([, seq]) => seq).toSorted((a, b) => a - b),
  );
});

test('a list is signed again when it expires, and by another key after a rotation', async (t) => {
  const { clock, publisher } = await worldOf(t);
  const service = publisher();
  const first = read(await listOf(service));
  clock.now = first.nextDue! * 1000 - 1;
  t.is(read(await listOf(service)).seq, first.seq);
  clock.now += 1;
  const second = read(await listOf(service));
  t.true(second.seq > first.seq && second.nextDue! > first.nextDue!);
  const rotated = publisher({ signerFor: (mode) => (mode === 'live' ? undefined : signerFor('test')) });
  const third = read(await listOf(rotated));
  t.true(third.seq > second.seq);
  t.true(third.test && !second.test, 'without a live key, a test key signs');
  // The service that still has the old key continues with it, above both numbers.
  t.true(read(await listOf(service)).seq > third.seq);
});

test('the number rises after a clock was set back, and after a ledger of yesterday was restored', async (t) => {
  const { ledger, file, clock, publisher } = await worldOf(t);
  await decide(ledger, await sell(ledger, '1'), 'withdrawn');
  const first = await listOf(publisher());
  clock.now -= 3_600_000;
  await decide(ledger, await sell(ledger, '2'), 'withdrawn');
  const second = await listOf(publisher());
  t.is(second.seq, first.seq + 1);

  const backup = `${folderFor(t)}/backup.sqlite`;
  const copy = openLedger(t, { file });
  backupLedger(copy.connection, backup);
  clock.now += DAY;
  await decide(ledger, await sell(ledger, '3'), 'withdrawn');
  const lost = await listOf(publisher());
  const restored = `${folderFor(t)}/restored.sqlite`;
  copyFileSync(backup, restored);
  const after = await worldOf(t, restored);
  after.clock.now = clock.now + 60_000;
  await decide(after.ledger, await sell(after.ledger, '3'), 'withdrawn');
  const list = await listOf(after.publisher());
  t.true(list.seq > lost.seq);
  t.is(list.revoked, 3);
});

test('a request during the making of a list gets a list with all earlier changes', async (t) => {
  const { ledger, publisher } = await worldOf(t);
  const service = publisher();
  const licenses = await Promise.all(Array.from({ length: 12 }, (_, i) => sell(ledger, String(i))));
  const lists = licenses.map(async (license) => {
    await decide(ledger, license, 'withdrawn');
    return [license, read(await listOf(service))] as const;
  });
  for (const [license, list] of await Promise.all(lists)) t.true(list.revoked(license));
});

test('concurrent requests share the making of a list', async (t) => {
  const { ledger, publisher } = await worldOf(t);
  let published = 0;
  const service = publisher({
    ledger: watched(ledger, () => {
      published += 1;
    }),
  });
  const lists = await Promise.all(Array.from({ length: 50 }, () => listOf(service)));
  t.is(new Set(lists).size, 1);
  t.is(published, 1);
});

test('a list that could not be made fails its requests, and the next request gets a list', async (t) => {
  const { ledger, publisher } = await worldOf(t);
  let broken = true;
  const service = publisher({
    ledger: watched(ledger, () => {
      if (broken) throw new AppError('ledger_unavailable', 'broken for the test');
    }),
  });
  const results = await Promise.allSettled([listOf(service), listOf(service)]);
  t.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  broken = false;
  t.is((await listOf(service)).revoked, 0);
});

test('a product whose file was removed keeps its list; an unknown product has none', async (t) => {
  const { ledger, publisher } = await worldOf(t);
  const service = publisher({ findProduct: () => undefined });
  await decide(ledger, await sell(ledger, '1'), 'withdrawn');
  t.is((await listOf(service)).revoked, 1);
  for (const product of ['app2', '', 'APP', 'app\0', '__proto__', '\ud800', 'x'.repeat(10_000)]) {
    t.is((await service.find(product)).outcome, 'unknown product', product);
  }
  // The control: once it had a file here, there is a list.
  await ledger.keepMessage(messageOf('a text', 'app2'));
  t.is((await publisher({ findProduct: () => undefined }).find('app2')).outcome, 'found');
});

test('each product has a list of its own', async (t) => {
  const { ledger, publisher } = await worldOf(t);
  const service = publisher({ findProduct: () => true });
  await decide(ledger, await sell(ledger, '1'), 'withdrawn');
  t.is((await listOf(service, 'app')).revoked, 1);
  const other = await listOf(service, 'other');
  t.is(other.revoked, 0);
  t.is(read(other, 'other').refused, null);
  t.is(read(other).refused, 'wrong-product');
});

test('without any signing key there is no list', async (t) => {
  const { publisher } = await worldOf(t);
  t.is((await publisher({ signerFor: () => undefined }).find('app')).outcome, 'no signing key');
});
