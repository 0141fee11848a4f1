/** What every engine must do with the installed package: all published inputs, and each other export once. */
import { createReader, explain, findCodes, loadRevocations, newest, refresh } from 'mintmark-verify';
import { list, vectors } from './vectors.mjs';

/** Node and browsers have a console; the bare shell of Hermes has print. */
const say = typeof console === 'undefined' ? globalThis.print : console.log;

const keyring = vectors.keyring.map(({ id, mode, publicKey }) => ({
  id,
  mode,
  state: 'active',
  publicKey,
  created: '2026-11-21',
}));

for (const each of vectors.read) {
  const { name, product, today, buildDate, allowTest, revoked, latestDay, features } = each;
  const revocations = { revoked: (id) => revoked.includes(id) };
  const options = { product, keyring, today, allowTest, revocations, latestDay, features };
  const got = createReader(buildDate ? { ...options, buildDate } : options).read(each.input);
  expect(`${name}: verdict`, got.verdict, each.verdict);
  expect(`${name}: sentence`, typeof explain(got), 'string');
  for (const detail of ['code', 'keep', 'position', 'count', 'seen']) {
    if (detail in each) expect(`${name}: ${detail}`, got[detail], each[detail]);
  }
  if (each.repaired) expect(`${name}: slip`, JSON.stringify(got.repaired), JSON.stringify(each.repaired));
  if (each.has) expect(`${name}: has`, features.filter((one) => got.has(one)).join(), each.has.join());
}

const { license, code } = vectors.mint[0];
expect('a code in an e-mail', findCodes(`Your code:\n> ${code}\nRegards`).join(), code);
const day = license.issued;
const reader = createReader({ product: license.product, keyring, today: day, allowTest: true });
expect('newest', newest(reader.read('x'), reader.read(code)).license.id, license.licenseId);

const held = loadRevocations(list, keyring, license.product);
expect('the list', held.refused, null);
expect('the list withdraws', held.revoked(license.licenseId, true), true);
expect('a cut list', loadRevocations(list.slice(0, -9), keyring, license.product, held).jws, list);

// No async function: React Native compiles those away for Hermes, and the shell of 0.12 knows no async arrows.
const answer = {
  status: 200,
  headers: { get: () => null },
  text: () => Promise.resolve(JSON.stringify({ code })),
};
const fetch = () => Promise.resolve(answer);
refresh(code, 'https://example.com', fetch, reader)
  .then((refreshed) => expect('refresh', refreshed.outcome, 'current'))
  .then(() => say(`${vectors.read.length} read cases and every export: as they must be`));

function expect(what, got, wanted) {
  if (got !== wanted) throw new Error(`${what}: ${got}, not ${wanted}`);
}
