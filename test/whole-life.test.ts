/** A program's whole life with a license, against a real service: what the customer's computer makes of each day. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import nacl from 'tweetnacl';
import * as mintmark from '../src/license-code/mintmark-verify.ts';
import { encodeRevocationList } from '../src/license-code/revocation-list.ts';
import { FileOwner } from './kit/fastspring.ts';
import { NOW } from './kit/sale.ts';
import { openSeller, type Seller } from './kit/seller.ts';

const BOUGHT = '2026-11-20';
/** A year and the 14 days of grace that the product gives. */
const LAST = '2027-12-04';
const RENEWED_LAST = '2028-12-04';

const owner = new FileOwner();
let seller: Seller;
test.before(async () => {
  seller = await openSeller(owner);
});
test.beforeEach(() => {
  seller.home.clock.now = NOW;
});
test.after.always(() => owner.end());

/** The customer's program: it reads on a day, with the list that it holds. */
function readOn(today: string, text: string, revocations?: mintmark.Revocations) {
  const { keyring } = seller;
  return mintmark.createReader({ product: 'example', keyring, today, revocations }).read(text);
}

const load = (jws: unknown, held?: mintmark.Revocations) =>
  mintmark.loadRevocations(jws, seller.keyring, 'example', held);

const codeIn = (mail: string): string => {
  const [code, ...more] = mintmark.findCodes(mail);
  if (code === undefined || more.length > 0) throw new Error('the mail does not hold one code');
  return code;
};

test.serial('bought, pasted, verified: without a network, until the last day and not after it', async (t) => {
  const mail = await seller.buy('1001');
  for (const pasted of [codeIn(mail), mail, mail.replaceAll(/^/gm, '> ')]) {
    const verdict = readOn(BOUGHT, mintmark.findCodes(pasted)[0]!);
    t.is(verdict.verdict, 'valid');
    t.is('license' in verdict && verdict.license.lastValid, LAST);
  }
  t.is(readOn(BOUGHT, mail).verdict, 'valid', 'the whole mail, with one code in it');
  t.is(readOn(LAST, mail).verdict, 'valid');
  t.is(readOn('2027-12-05', mail).verdict, 'expired');
  const slip = codeIn(mail).replace('0', '1');
  t.like(readOn(BOUGHT, slip), { verdict: 'valid', repaired: { kind: 'substitution', was: '1', is: '0' } });
  t.is(readOn(BOUGHT, slip.replace('0', '1')).verdict, 'mistyped', 'control: two slips');
});

test.serial('renewed: a refresh brings the new code, and entering it early loses no day', async (t) => {
  const old = codeIn(await seller.buy('1002'));
  t.deepEqual(await mintmark.refresh(old, seller.url), { outcome: 'current', code: old }, 'control');
  await seller.renew('1002');
  const answer = await mintmark.refresh(old, seller.url);
  t.is(answer.outcome, 'renewed');
  t.not(answer.code, old);
  t.deepEqual(await mintmark.refresh(answer.code, seller.url), { outcome: 'current', code: answer.code });
  t.is(readOn('2028-01-15', old).verdict, 'expired', 'the old day is gone');
  t.is(readOn('2028-01-15', answer.code).verdict, 'valid');
  t.is(readOn(RENEWED_LAST, answer.code).verdict, 'valid');
  t.is(readOn('2028-12-05', answer.code).verdict, 'expired');
  const [before, after] = [readOn(BOUGHT, old), readOn('2027-11-21', answer.code)];
  t.is(mintmark.newest(after, before), after, 'the mail of the first year, entered again, changes nothing');
  t.is(mintmark.newest(before, after), after);
});

test.serial(
  'refunded: the list withdraws it, the server says so; without the list it reads valid',
  async (t) => {
    const [code, neighbor] = [codeIn(await seller.buy('1003')), codeIn(await seller.buy('1004'))];
    const before = await seller.list();
    const foreign = codeIn(await seller.buy('1005', 'other'));
    await seller.refund('1003');
    await seller.refund('1005');
    const [after, ofOther] = [await seller.list(), await seller.list('other')];
    const held = load(after);
    t.is(held.refused, null);
    t.is(readOn(BOUGHT, code, held).verdict, 'revoked');
    t.is(readOn(BOUGHT, neighbor, held).verdict, 'valid', 'nobody else is withdrawn');
    t.deepEqual(await mintmark.refresh(code, seller.url), { outcome: 'revoked', code });

    t.is(readOn(BOUGHT, code).verdict, 'valid', 'control: a program without the list learns nothing');
    t.is(readOn(BOUGHT, code, load(before)).verdict, 'valid', 'nor does a program with the earlier list');
    t.is(readOn(BOUGHT, foreign).verdict, 'wrong-product');

    const forged = nacl.sign.keyPair().secretKey;
    const nobody = { revoked: new Uint8Array(), suspended: new Uint8Array() };
    const lie = { product: 'example', seq: held.seq + 10, iat: 1, nxt: 2, ...nobody };
    const refusals = {
      older: before,
      'wrong-product': ofOther,
      forged: encodeRevocationList(lie, 1, (message) => nacl.sign.detached(message, forged)),
      'unknown-key': encodeRevocationList(lie, 77, (message) => nacl.sign.detached(message, forged)),
      malformed: '<!doctype html>',
      missing: '',
    };
    for (const [refused, text] of Object.entries(refusals)) {
      const still = load(text, held);
      t.is(still.refused, refused as mintmark.RevocationsRefusal);
      t.is(readOn(BOUGHT, code, still).verdict, 'revoked', `${refused}: the held list stays in force`);
      if (text === before) continue;
      t.is(readOn(BOUGHT, neighbor, load(text)).verdict, 'valid', `${refused}: it withdraws nobody`);
    }
  },
);

test.serial(
  'overdue: the list and the server say suspended, and since when; paid again, all is well',
  async (t) => {
    const code = codeIn(await seller.buy('1006'));
    const id = licenseOf(readOn(BOUGHT, code)).id;
    t.false(load(await seller.list()).suspended(id), 'control');
    await seller.fallOverdue('1006');
    const since = BOUGHT;
    t.deepEqual(await mintmark.refresh(code, seller.url), { outcome: 'suspended', code, since });
    const held = load(await seller.list());
    t.true(held.suspended(id));
    t.is(readOn(BOUGHT, code, held).verdict, 'valid', 'until its last day it stays valid');
    await seller.renew('1006');
    t.is((await mintmark.refresh(code, seller.url)).outcome, 'renewed');
    t.false(load(await seller.list(), held).suspended(id));
  },
);

test.serial('the docs say plainly that without the list a revoked license stays valid', (t) => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
  t.regex(readme, /\*\*A revoked license still verifies offline\.\*\*/);
});

test.serial(
  'the server gone for a year: verifies until its last day, and the held list stays in force',
  async (t) => {
    const [code, refunded] = [codeIn(await seller.buy('1007')), codeIn(await seller.buy('1008'))];
    await seller.refund('1008');
    const held = load(await seller.list());
    await seller.stop();
    const answer = await mintmark.refresh(code, seller.url);
    t.is(answer.outcome, 'offline');
    t.is(answer.code, code, 'the code is kept');
    await t.throwsAsync(seller.list());
    const still = load(null, held);
    t.is(still.refused, 'missing');
    for (const [today, verdict] of [
      ['2027-11-20', 'valid'],
      [LAST, 'valid'],
      ['2027-12-05', 'expired'],
    ] as const) {
      t.true(Date.parse(today) / 1000 > (held.nextDue ?? Infinity), 'the list is past due');
      t.is(readOn(today, code, still).verdict, verdict, today);
      t.is(readOn(today, refunded, still).verdict, 'revoked', today);
    }
  },
);

function licenseOf(verdict: mintmark.Verdict): mintmark.License {
  if (!('license' in verdict)) throw new Error(`there is no license in ${verdict.verdict}`);
  return verdict.license;
}
