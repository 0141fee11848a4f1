/** What the settings make of an account: modes by secret, keys by mode, findings for what is missing. */
import test from 'ava';
import type { Account } from '../../../src/marketplaces/marketplace.ts';
import { settings } from '../../../src/marketplaces/stripe/settings.ts';

const LIVE = { STRIPE_WEBHOOK_SECRETS: 'whsec_0123one,whsec_0123two' };
const TEST = { STRIPE_TEST_WEBHOOK_SECRETS: 'whsec_0123three' };
const KEY = { STRIPE_API_KEY: 'rk_live_0123456' };

function accountOf(given: Readonly<Record<string, string>>): Account {
  const read = settings.read(given);
  if ('faults' in read) throw new Error(read.faults.join());
  return read.account;
}

const levels = (given: Readonly<Record<string, string>>) =>
  accountOf(given).findings.map(({ level, so }) => `${level}: ${so.split(':')[0]}`);

test('a live secret makes the account live; it asks for no license', async (t) => {
  t.deepEqual(accountOf({ ...LIVE, ...KEY }).live, { requests: false, events: true });
  t.is(await accountOf(LIVE).requests({} as never), undefined);
  t.deepEqual(accountOf(TEST).live, { requests: false, events: false });
  t.true(accountOf(TEST).sandbox);
});

test('without any secret no event is authentic, so there is no endpoint', async (t) => {
  t.is(await accountOf(KEY).events({ products: [], simulator: undefined }), undefined);
  t.not(await accountOf(TEST).events({ products: [], simulator: undefined }), undefined, 'the control');
});

test('a missing API key is a fault where sales arrive, a missing secret a warning', (t) => {
  t.deepEqual(levels({ ...LIVE, ...KEY }), ['ok: Stripe']);
  t.deepEqual(levels(LIVE), ['fault: Stripe']);
  t.deepEqual(levels(KEY), ['warning: Stripe']);
  t.deepEqual(levels({}), []);
});

test('the key of a mode fetches for that mode alone', async (t) => {
  const account = accountOf({ ...LIVE, ...KEY });
  t.deepEqual([account.canFetch?.('live'), account.canFetch?.('test')], [true, false]);
  const refused = await account.fetch?.('{}', 'test', new AbortController().signal);
  t.is(refused?.outcome, 'target failed');
});

test('live and test mode share no secret', (t) => {
  const read = settings.read({ ...LIVE, STRIPE_TEST_WEBHOOK_SECRETS: 'whsec_0123two' });
  t.true('faults' in read && read.faults[0]?.startsWith('STRIPE_TEST_WEBHOOK_SECRETS: '));
});

test('a key of the other mode is refused', (t) => {
  for (const [name, key] of [
    ['STRIPE_API_KEY', 'rk_test_0123456'],
    ['STRIPE_TEST_API_KEY', 'sk_live_0123456'],
  ] as const) {
    const read = settings.read({ [name]: key });
    t.true('faults' in read && read.faults[0]?.startsWith(`${name}: is a key of the other mode`), name);
  }
  t.true('account' in settings.read({ STRIPE_TEST_API_KEY: 'sk_test_0123456' }), 'the control');
});
