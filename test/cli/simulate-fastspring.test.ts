import test from 'ava';
import { FileOwner, type LicenseJson, type Market, openMarket, told } from '../kit/fastspring.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner, { env: { SIMULATOR: 'on' } });
});
test.after.always(() => owner.end());

interface Played {
  readonly order: string;
  readonly steps: readonly {
    readonly title: string;
    readonly reply: string;
    readonly licenses: readonly LicenseJson[];
  }[];
}

async function play(story: string, ...words: readonly string[]): Promise<Played> {
  const { status, out, err } = await market.cli([
    ...['simulate', 'fastspring', ...words, '--story', story],
    ...['--url', market.url, '--json'],
  ]);
  if (status !== 0) throw new Error(err);
  return JSON.parse(out) as Played;
}

/** What the ledger holds after each step. */
const statesOf = ({ steps }: Played) => steps.map(({ licenses }) => told(licenses));

test('subscription: bought, paid, renewed, enlarged, canceled, ended', async (t) => {
  const played = await play('subscription', 'plan');
  t.deepEqual(statesOf(played), [
    ['plan 0: active to 2027-01-03, 1'],
    ['plan 0: active to 2027-01-03, 1'],
    ['plan 0: active to 2027-02-02, 1'],
    ['plan 0: active to 2027-02-02, 1'],
    ['plan 0: active to 2027-02-02, 1', 'plan 0: active to 2027-02-02, 1'],
    ['plan 0: active to 2027-01-18, 1', 'plan 0: active to 2027-01-18, 1'],
    ['plan 0: ended to 2027-01-18, 1', 'plan 0: ended to 2027-01-18, 1'],
  ]);
  const [bought, , , rebilled] = played.steps;
  t.not(rebilled!.reply, bought!.reply);
  t.is(rebilled!.reply, rebilled!.licenses[0]!.code, 'the customer is mailed the renewed code');
  t.is(rebilled!.licenses[0]!.id, bought!.licenses[0]!.id);
});

test('a subscription’s periods are as long as the product’s term', async (t) => {
  const played = await play('subscription', 'app');
  t.deepEqual(statesOf(played).slice(0, 3).flat(), [
    'app 0: active to 2027-11-20, 1',
    'app 0: active to 2027-11-20, 1',
    'app 0: active to 2028-11-19, 1',
  ]);
});

test('seats of a subscription follow the quantity', async (t) => {
  const played = await play('subscription', 'team', '--quantity', '3');
  t.deepEqual(
    played.steps.map(({ licenses }) => licenses.map(({ seats }) => seats)),
    [[15], [15], [15], [15], [20], [20], [20]],
  );
});

test('refund and chargeback revoke all units', async (t) => {
  for (const story of ['refund', 'chargeback']) {
    const states = (await play(story, 'plan', '--quantity', '2')).steps.map(({ licenses }) =>
      licenses.map(({ state }) => state),
    );
    t.deepEqual(states, [
      ['active', 'active'],
      ['active', 'active'],
      ['revoked', 'revoked'],
    ]);
  }
});

test('bundle: each product that FastSpring sells gets its licenses', async (t) => {
  const [step] = (await play('bundle', 'team', '--quantity', '2')).steps;
  const products = new Set(step!.licenses.map(({ product }) => product));
  t.true(products.has('app') && products.has('plan') && products.has('team'));
  t.false(products.has('elsewhere'));
  t.true(step!.licenses.every(({ state, mode }) => state === 'active' && mode === 'test'));
});

test('overdue: suspended until it is paid', async (t) => {
  t.deepEqual(
    (await play('overdue', 'plan')).steps.map(({ licenses }) => licenses[0]!.state),
    ['active', 'active', 'suspended', 'active'],
  );
});

test('for a person each step has its title and what the ledger holds after it', async (t) => {
  const { status, out } = await market.cli([
    ...['simulate', 'fastspring', 'text', '--story', 'refund', '--quantity', '2'],
    ...['--url', market.url],
  ]);
  t.is(status, 0);
  t.regex(out, /^1\. a customer buys; FastSpring asks for the license\n {3}answered with 2 codes$/m);
  t.regex(out, /^3\. the money goes back\n {3}text unit 0: revoked, .*\n {3}text unit 1: revoked/m);
  const [, order] = /order show (SIM\d+)/.exec(out) ?? [];
  t.is((await market.find(order!)).length, 2);
});

test('what is mistaken ends with a status and a word of help', async (t) => {
  const at = ['--url', market.url];
  for (const [words, status, help] of [
    [['--story', 'romance', ...at], 1, /subscription.*refund.*bundle.*chargeback.*overdue/],
    [at, 1, /--story/],
    [['nothing', '--story', 'refund', ...at], 1, /No such product file has fastspring/],
    [['elsewhere', '--story', 'refund', ...at], 1, /No such product file has fastspring/],
    [['app', '--story', 'refund', '--url', 'http://127.0.0.1:9'], 1, /Nothing answers/],
  ] as const) {
    const said = await market.cli(['simulate', 'fastspring', ...words]);
    t.is(said.status, status, said.err);
    t.regex(said.err, help);
    t.is(said.out, '');
  }
});

test('with the simulator off neither the command nor the service takes part', async (t) => {
  const own = await openMarket(owner, { env: { SIMULATOR: 'off' } });
  const said = await own.cli(['simulate', 'fastspring', '--story', 'refund', '--url', own.url]);
  t.not(said.status, 0);
  t.regex(said.err, /SIMULATOR=on/);
  const forced = await own.cli(['simulate', 'fastspring', 'app', '--story', 'refund', '--url', own.url], {
    config: () => market.home.config,
  });
  t.not(forced.status, 0);
  t.regex(forced.err, /401/);
});
