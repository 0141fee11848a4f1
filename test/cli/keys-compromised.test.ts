import test from 'ava';
import { keptTermsOf } from '../../src/catalog/kept-terms.ts';
import { reissueAffected } from '../../src/domain/desk/compromised.ts';
import type { Desk } from '../../src/domain/desk/operator.ts';
import { keyIdOfCode } from '../../src/keyring/minter.ts';
import { type Opened, openParts } from '../../src/service/open.ts';
import { cliOf } from '../kit/cli.ts';
import { PRODUCTS, productFile } from '../kit/products.ts';
import { sellMany } from '../kit/sell-many.ts';
import { type Home, makeHome } from '../kit/service.ts';

const MAIL = { SMTP_URL: 'smtp://127.0.0.1:2525', MAIL_FROM: 'licenses@example.com', OUTBOX: 'off' };
const FAST = 100_000_000;

test('the steps are shown with what is done of them, and nothing is reissued while the key signs', async (t) => {
  const home = makeHome(t, { env: MAIL });
  const cli = cliOf(home);
  await sellMany(home.config, 2, home.clock.now);
  const plan = async () => (await cli(['keys', 'compromised', '1'])).out;
  t.regex(await plan(), /\[to do\] 1\. Make another key.*\[to do\] 3\./s);
  t.regex(await plan(), /Key 1 signed 2 licenses that are active, suspended or good for ever\./);
  await cli(['keys', 'new', '--mode', 'live', '--next']);
  t.regex(
    await plan(),
    /\[done\] 1\..*keys export --live-only --without 1.*\[to do\] 3\. .*keys activate 2/s,
  );
  const refused = await cli(['keys', 'compromised', '1', '--reissue']);
  t.is(refused.status, 1);
  t.regex(refused.err, /Key 1 still signs.*Nothing was changed/s);
  await cli(['keys', 'activate', '2']);
  t.regex(await plan(), /\[done\] 3\./);
  t.regex(
    await plan(),
    /2 licenses that are active, suspended or good for ever/,
    'nothing was changed so far',
  );
  t.is((await cli(['keys', 'compromised', '7'])).status, 1);
  const published = JSON.parse((await cli(['keys', 'export', '--live-only', '--without', '1'])).out);
  t.deepEqual(
    published.map(({ id }: { id: number }) => id),
    [2],
  );
});

test('where nobody mails the new code of a license, it is named for the seller to send, and no other is', async (t) => {
  const silent = { ...PRODUCTS, app: productFile('name: App\nterm: P1Y\nmail: { reissued: off }') };
  for (const [env, products, sent] of [
    [{}, PRODUCTS, ['no-address', 'with-address']],
    [MAIL, PRODUCTS, ['no-address']],
    [MAIL, silent, ['no-address', 'with-address']],
  ] as const) {
    const home = makeHome(t, { env, products });
    const cli = cliOf(home);
    await sellMany(home.config, 0, home.clock.now);
    const own = ['issue', 'app', '--mode', 'live', '--order'];
    for (const order of ['no-address', 'with-address', 'held']) {
      const email = order === 'no-address' ? [] : ['--email', 'ada@example.com'];
      const issued = await cli([...own, order, ...email, '--json']);
      const { licenses } = JSON.parse(issued.out) as { licenses: { id: string }[] };
      if (order === 'held') await cli(['license', 'suspend', licenses[0]!.id, '--reason', 'overdue']);
    }
    await cli(['keys', 'new', '--mode', 'live', '--next']);
    await cli(['keys', 'activate', '2']);
    const { out, status } = await cli(['keys', 'compromised', '1', '--reissue']);
    t.is(status, 0);
    const named = [...out.matchAll(/^ {2}send: order (\S+) \(manual, live\) {2}license (\S+)$/gm)];
    t.deepEqual(named.map(([, order]) => order).sort(), [...sent]);
    for (const [, order, id] of named) {
      const { licenses } = JSON.parse((await cli(['ledger', 'find', order ?? '', '--json'])).out);
      const active = licenses.filter(({ state }: { state: string }) => state === 'active');
      t.deepEqual(
        active.map((license: { id: string }) => license.id),
        [id],
      );
    }
  }
});

test('every license of a leaked key is replaced once and mailed once, though the work is broken off twice', async (t) => {
  t.timeout(300_000);
  const orders = 2_000;
  const home = makeHome(t, { env: MAIL });
  const cli = cliOf(home);
  await sellMany(home.config, orders, home.clock.now);
  await cli(['keys', 'new', '--mode', 'live', '--next']);
  await cli(['keys', 'activate', '2']);
  const revoked = await opened(home, async ({ ledger }) => {
    const [first] = await ledger.codesAfter(0, 1);
    const id = Buffer.from(first?.id ?? []).toString('hex');
    return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  });
  t.is((await cli(['license', 'revoke', revoked, '--reason', 'test'])).status, 0);

  let paused = 0;
  for (const most of [320, 640]) {
    const breakOff = (reissued: number) => {
      if (reissued >= most) throw new Error('broken off');
    };
    const broken = opened(home, (parts) =>
      reissueAffected(deskOf(parts), {
        key: 1,
        keyIdOf: keyIdOfCode,
        grounds: { actor: 'operator', reason: 'key 1 leaked' },
        now: () => home.clock.now,
        rate: 6_000,
        pause: async (milliseconds) => {
          paused += milliseconds;
        },
        onProgress: breakOff,
      }),
    );
    await t.throwsAsync(broken, { message: 'broken off' });
  }
  t.true(paused > 0, 'the rate is kept');
  const { out, err, status } = await cli([
    'keys',
    'compromised',
    '1',
    '--reissue',
    '--rate',
    '999999',
    '--json',
  ]);
  t.is(status, 0, err);
  const report = JSON.parse(out);
  t.is(report.open, 0);
  t.is(report.reissued, orders - 1 - 320 - 640);
  t.is(JSON.parse((await cli(['keys', 'compromised', '1', '--reissue', '--json'])).out).reissued, 0);

  await opened(home, async ({ ledger }) => {
    const open = new Map<number, number>();
    let walked = 0;
    for (let page = await ledger.codesAfter(0, 1000); page.length > 0; ) {
      walked += page.length;
      for (const { state, code } of page)
        if (state === 'active') open.set(keyIdOfCode(code), (open.get(keyIdOfCode(code)) ?? 0) + 1);
      page = await ledger.codesAfter(page.at(-1)?.number ?? 0, 1000);
    }
    t.deepEqual([...open], [[2, orders - 1]], 'one active license an order, by the new key');
    t.is(walked, orders + orders - 1);
    const mails = await ledger.outbox.list({ channel: 'mail', limit: FAST });
    const reissued = mails.filter(({ topic }) => topic === 'reissued');
    t.is(reissued.length, orders - 1);
    t.is(new Set(reissued.map(({ order }) => order)).size, orders - 1);
  });
  t.is((await cli(['ledger', 'check'])).status, 0);
});

async function opened<T>(home: Home, act: (parts: Opened) => Promise<T>): Promise<T> {
  const parts = await openParts(home.config, { modesNeeded: [], now: () => home.clock.now });
  try {
    return await act(parts);
  } finally {
    await parts.ledger.close();
  }
}

function deskOf({ ledger, minter, catalog }: Opened): Desk {
  const currentTerms = (id: string) => {
    const product = catalog.get(id);
    return product && keptTermsOf(product);
  };
  return { ledger, rules: { minter, currentTerms } };
}
