/** `mintmark reconcile`: shows and feeds in what a marketplace's API has. */
import test, { type ExecutionContext } from 'ava';
import type { HistoryPage } from '../../src/domain/desk/reconcile.ts';
import type { WantedHistory } from '../../src/marketplaces/marketplace.ts';
import { flagDrift } from '../../src/service/drift-flags.ts';
import { openParts } from '../../src/service/open.ts';
import { entryAfter, noteReconciled } from '../../src/service/reconciled-note.ts';
import { startService } from '../../src/service/service.ts';
import { cliOf } from '../kit/cli.ts';
import { ordered, tool } from '../kit/lemon-squeezy.ts';
import { makeHome } from '../kit/service.ts';

const TOOL =
  '---\nname: Tool\nterm: perpetual\nmarketplaces: { lemon-squeezy: { variant: "301" } }\n---\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n';
const SALE = ordered('2026-01-10', { items: [tool()] }).payload;

/** A command line whose account reads these pages. */
async function openShop(t: ExecutionContext, pages: readonly HistoryPage[]) {
  const env = { LEMON_SQUEEZY_WEBHOOK_SECRETS: 'a secret of a test' };
  const home = makeHome(t, { products: { tool: TOOL }, env });
  const now = () => home.clock.now;
  home.clock.now = Date.UTC(2026, 0, 12);
  // The first start makes keys and ledger.
  await (await startService(home.config, { log: home.log, now })).stop();
  const wanted: WantedHistory[] = [];
  async function* readHistory(given: WantedHistory) {
    wanted.push(given);
    yield* pages;
  }
  const accounts = home.config.accounts.map((account) =>
    account.marketplace === 'lemon-squeezy' ? { ...account, readHistory } : account,
  );
  const cli = cliOf(home);
  const run = (...words: readonly string[]) => cli(words, { config: () => ({ ...home.config, accounts }) });
  const flag = async () => {
    const { ledger } = await openParts(home.config, { modesNeeded: [] });
    const entry = { from: '2026-01-09', at: '2026-01-12T00:00:00Z', lacking: 1, open: 1 };
    await flagDrift(ledger, { marketplace: 'lemon-squeezy', mode: 'live' }, entry, home.clock.now);
    await ledger.close();
  };
  return { run, wanted, flag, home };
}

const WORDS = ['reconcile', 'lemon-squeezy', '--since', '2026-01-09'];

test('without --apply it shows what is lacking and changes nothing; with it, the license is there', async (t) => {
  const { run, wanted } = await openShop(t, [{ outcome: 'read', payloads: [SALE] }]);
  const shown = await run(...WORDS);
  t.is(shown.status, 0, shown.err);
  t.regex(
    shown.out,
    /order_created order_created:orders-1:\w+: order:1: lacking\n1 entries read, 1 that the ledger lacks\./,
  );
  t.like(wanted[0], { mode: 'live', since: Date.UTC(2026, 0, 9) });
  t.regex((await run('orders', 'list', '--json')).out, /"orders":\[\]/);
  const applied = JSON.parse((await run(...WORDS, '--apply', '--json')).out);
  t.like(applied, { read: 1, older: 0, lacking: [{ about: ['order:1'], outcome: 'applied' }] });
  t.regex((await run('orders', 'list', '--json')).out, /"order":"1"/);
  t.regex((await run(...WORDS)).out, /^1 entries read, 0 that the ledger lacks\./);
});

test('fed in to the end by hand, the flag of the drift settles; shown, or stopped, it stays', async (t) => {
  const pages: HistoryPage[] = [
    { outcome: 'read', payloads: [SALE] },
    { outcome: 'stopped', answer: 'so far' },
  ];
  const { run, flag } = await openShop(t, pages);
  await flag();
  const drift = async () => (await run('flags', 'list')).out.includes('that the ledger lacked');
  await run(...WORDS, '--apply');
  t.true(await drift());
  pages.pop();
  await run(...WORDS);
  t.true(await drift());
  t.is((await run(...WORDS, '--apply')).status, 0);
  t.false(await drift());
});

test('a flag of drift stays where less was read by hand than the reading that found it', async (t) => {
  const { run, flag, home } = await openShop(t, [{ outcome: 'read', payloads: [] }]);
  const found = {
    read: 1,
    older: 0,
    lacking: [{ id: '1', type: '', at: 0, about: [], outcome: 'shown' }],
  } as const;
  const entry = entryAfter(undefined, found, Date.UTC(2026, 0, 9));
  await noteReconciled({}, home.config.dataDir, 'lemon-squeezy live', entry);
  await flag();
  const drift = async () => (await run('flags', 'list')).out.includes('that the ledger lacked');
  await run('reconcile', 'lemon-squeezy', '--since', '2026-01-10', '--apply');
  t.true(await drift());
  await run('reconcile', 'lemon-squeezy', '--since', '2026-01-09', '--apply');
  t.false(await drift());
});

test('a day in the future is refused: nothing would be read, and it would look like nothing lacking', async (t) => {
  const { run, wanted } = await openShop(t, []);
  const { status, err } = await run('reconcile', 'lemon-squeezy', '--since', '2062-01-10');
  t.not(status, 0);
  t.regex(err, /2062-01-10 is in the future/);
  t.is(wanted.length, 0);
});

test('an entry that an API lists twice is lacking once', async (t) => {
  const page: HistoryPage = { outcome: 'read', payloads: [SALE, SALE] };
  const { run } = await openShop(t, [page, page]);
  t.regex((await run(...WORDS)).out, /4 entries read, 1 that the ledger lacks\./);
  const { lacking } = JSON.parse((await run(...WORDS, '--apply', '--json')).out);
  t.is(lacking.length, 1);
});

test('a sale from before the day is counted and left alone', async (t) => {
  const { run } = await openShop(t, [{ outcome: 'read', payloads: [SALE] }]);
  const { out } = await run('reconcile', 'lemon-squeezy', '--since', '2026-01-11', '--apply');
  t.regex(out, /0 that the ledger lacks\. 1 sales from before that day were left alone\./);
  t.regex((await run('orders', 'list', '--json')).out, /"orders":\[\]/);
});

test('where reading stopped, the exit status says so, and what came before is applied', async (t) => {
  const stopped = { outcome: 'stopped', answer: 'the API answered 500' } as const;
  const { run } = await openShop(t, [{ outcome: 'read', payloads: [SALE] }, stopped]);
  const { status, out, err } = await run(...WORDS, '--apply');
  t.is(status, 1);
  t.regex(out, /1 that the ledger lacks/);
  t.regex(err, /Stopped: the API answered 500\./);
});

test('--test asks for test mode; a marketplace that is not read or not known is refused', async (t) => {
  const { run, wanted } = await openShop(t, []);
  t.is((await run(...WORDS, '--test')).status, 0);
  t.is(wanted[0]?.mode, 'test');
  t.not((await run('reconcile', 'paddle-classic', '--since', '2026-01-09')).status, 0);
  t.not((await run('reconcile', 'nobody', '--since', '2026-01-09')).status, 0);
  t.not((await run('reconcile', 'lemon-squeezy')).status, 0);
});

test('an entry that cannot be read is shown, and the others are applied', async (t) => {
  const { run } = await openShop(t, [{ outcome: 'read', payloads: ['{}', SALE] }]);
  const { lacking } = JSON.parse((await run(...WORDS, '--apply', '--json')).out);
  t.deepEqual(
    lacking.map(({ outcome }: { outcome: string }) => outcome),
    ['failed', 'applied'],
  );
});
