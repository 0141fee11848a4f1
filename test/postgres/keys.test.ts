/** Keys of several instances: one key an id, and one list while a new key is rolled out. */
import test, { type ExecutionContext } from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import { RevocationPublisher } from '../../src/keyring/revocation-publisher.ts';
import type { Signer } from '../../src/keyring/signer.ts';
import { issueOf, keepTexts, soldProduct } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { KEYRING, signerFor } from '../kit/minting.ts';
import { newSchema, openOn, run } from './server.ts';

const HOUR = 3_600_000;

test.serial('two hosts that each made a key of the same id: the second one does not start', async (t) => {
  const url = await newSchema();
  const keys = KEYRING.map(({ id, publicKey }) => ({ id, publicKey }));
  await (await openOn(t, url, {}, { keys })).close();
  await t.notThrowsAsync(openOn(t, url, {}, { keys }));
  const own = { id: 3, publicKey: 'aa'.repeat(32) };
  await t.notThrowsAsync(openOn(t, url, {}, { keys: [...keys, own] }), 'a newer key is learned');
  const other = { id: 3, publicKey: 'bb'.repeat(32) };
  await t.throwsAsync(openOn(t, url, {}, { keys: [...keys, other] }), {
    code: 'bad_configuration',
    message: /Key 3 of the keyring is not the key 3 of this ledger/,
  });
  await run("UPDATE signing_key SET public_key = decode(repeat('bb', 32), 'hex') WHERE key_id = 3", url);
  await t.throwsAsync(openOn(t, url, {}, { keys: [...keys, other] }), { code: 'ledger_damaged' });
});

async function publishers(t: ExecutionContext, shows: (ledger: Ledger) => Partial<Ledger>) {
  const url = await newSchema();
  const clock = { now: SOLD_AT + HOUR };
  const publisher = async (signer: Signer) => {
    const opened = await openOn(t, url);
    await keepTexts(opened);
    const ledger = {
      products: () => opened.products(),
      findListSeq: (product: string) => opened.findListSeq(product),
      publishList: (...given: Parameters<Ledger['publishList']>) => opened.publishList(...given),
      ...shows(opened),
    };
    const parts = { ledger, findProduct: () => soldProduct('app'), now: () => clock.now };
    return new RevocationPublisher({ ...parts, signerFor: () => signer });
  };
  // Two keys that know no mode here: the second one is the newer.
  const [old, fresh] = [await publisher(signerFor('live')), await publisher(signerFor('test'))];
  const opened = await openOn(t, url);
  await opened.issue(issueOf());
  const bytes = async (of: RevocationPublisher) => {
    const found = await of.find('app');
    if (found.outcome !== 'found') throw new Error(found.outcome);
    clock.now += 1000;
    return { text: found.list.body.toString(), seq: found.list.seq };
  };
  return { old: () => bytes(old), fresh: () => bytes(fresh), clock };
}

test.serial(
  'while a new key is rolled out, every instance shows the list that was signed with it',
  async (t) => {
    const { old, fresh, clock } = await publishers(
      t,
      ({ publishedLists }) => ({ publishedLists }) as Partial<Ledger>,
    );
    const before = await old();
    const signed = await fresh();
    t.true(signed.seq > before.seq, 'the new key signs anew');
    t.deepEqual([await old(), await fresh(), await old()], [signed, signed, signed]);
    clock.now += 25 * HOUR;
    const left = await old();
    t.true(left.seq > signed.seq, 'whoever is left alone with the old key signs again after a day');
  },
);

test.serial('control: without the kept text, the list turns to and fro between two keys', async (t) => {
  const { old, fresh } = await publishers(t, () => ({}));
  const [a, b, c] = [await old(), await fresh(), await old()];
  t.true(a.seq < b.seq && b.seq < c.seq);
});
