/** What the settings make of an account: modes by secret, keys by mode, findings for what is missing. */
import test from 'ava';
import { settings } from '../../../src/marketplaces/lemon-squeezy/settings.ts';
import type { Account } from '../../../src/marketplaces/marketplace.ts';

const LIVE = { LEMON_SQUEEZY_WEBHOOK_SECRETS: 'first secret of a test,second secret of a test' };
const TEST = { LEMON_SQUEEZY_TEST_WEBHOOK_SECRETS: 'third secret of a test' };
const KEY = { LEMON_SQUEEZY_API_KEY: 'an API key of a test' };

function accountOf(given: Readonly<Record<string, string>>): Account {
  const read = settings.read(given);
  if ('faults' in read) throw new Error(read.faults.join());
  return read.account;
}

const levels = (given: Readonly<Record<string, string>>) =>
  accountOf(given).findings.map(({ level }) => level);

test('a live secret makes the account live; it asks for no license', async (t) => {
  t.deepEqual(accountOf(LIVE).live, { requests: false, events: true });
  t.is(await accountOf(LIVE).requests({} as never), undefined);
  t.deepEqual(accountOf(TEST).live, { requests: false, events: false });
  t.true(accountOf(TEST).sandbox);
});

test('without any secret no event is authentic, so there is no endpoint', async (t) => {
  t.is(await accountOf(KEY).events({ products: [], simulator: undefined }), undefined);
  t.not(await accountOf(TEST).events({ products: [], simulator: undefined }), undefined, 'the control');
});

test('a missing API key is a warning, since only further items of an order need it', (t) => {
  t.deepEqual(levels({ ...LIVE, ...KEY }), ['ok']);
  t.deepEqual(levels(LIVE), ['warning']);
  t.deepEqual(levels(KEY), ['warning']);
  t.deepEqual(levels({}), []);
});

test('the key of a mode fetches for that mode alone', async (t) => {
  const account = accountOf({ ...LIVE, ...KEY });
  t.deepEqual([account.canFetch?.('live'), account.canFetch?.('test')], [true, false]);
  t.like(await account.fetch?.('1', 'test', new AbortController().signal), { outcome: 'target failed' });
});

test('a short secret is refused by the setting’s name', (t) => {
  const read = settings.read({ LEMON_SQUEEZY_WEBHOOK_SECRETS: 'short' });
  t.true('faults' in read && read.faults[0]?.startsWith('LEMON_SQUEEZY_WEBHOOK_SECRETS: '));
});
