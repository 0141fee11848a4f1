/** What the settings make of an account: modes by secret, keys by mode, findings for what is missing. */
import test from 'ava';
import type { Account } from '../../../src/marketplaces/marketplace.ts';
import { settings } from '../../../src/marketplaces/paddle-billing/settings.ts';

const LIVE = { PADDLE_BILLING_WEBHOOK_SECRETS: 'pdl_ntfset_one,pdl_ntfset_two' };
const SANDBOX = { PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS: 'pdl_ntfset_three' };
const KEY = { PADDLE_BILLING_API_KEY: 'pdl_live_apikey_one' };

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
  t.deepEqual(accountOf(SANDBOX).live, { requests: false, events: false });
  t.true(accountOf(SANDBOX).sandbox);
});

test('without any secret no event is authentic, so there is no endpoint', async (t) => {
  t.is(await accountOf(KEY).events({ products: [], simulator: undefined }), undefined);
  t.not(await accountOf(SANDBOX).events({ products: [], simulator: undefined }), undefined, 'the control');
});

test('a missing API key is a fault where sales arrive, a missing secret a warning', (t) => {
  t.deepEqual(levels({ ...LIVE, ...KEY }), ['ok: Paddle Billing']);
  t.deepEqual(levels(LIVE), ['fault: Paddle Billing']);
  t.deepEqual(levels(KEY), ['warning: Paddle Billing']);
  t.deepEqual(levels({}), []);
});

test('the key of a mode fetches for that mode alone', async (t) => {
  const account = accountOf({ ...LIVE, ...KEY });
  t.deepEqual([account.canFetch?.('live'), account.canFetch?.('test')], [true, false]);
  const refused = await account.fetch?.('ctm_1', 'test', new AbortController().signal);
  t.is(refused?.outcome, 'target failed');
});

test('live and sandbox share no secret: only the secret tells a test from a sale', (t) => {
  const read = settings.read({ ...LIVE, PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS: 'pdl_ntfset_two' });
  t.true('faults' in read && read.faults[0]?.startsWith('PADDLE_BILLING_SANDBOX_WEBHOOK_SECRETS: '));
});
