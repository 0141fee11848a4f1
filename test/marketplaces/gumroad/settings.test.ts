/** The settings of Gumroad. */
import test from 'ava';
import { settings } from '../../../src/marketplaces/gumroad/settings.ts';

const SECRET = 'a-secret-for-an-address-0123';
const none = { GUMROAD_PING_SECRETS: undefined, GUMROAD_ACCESS_TOKEN: undefined };

function read(given: Record<string, string>) {
  return settings.read({ ...none, ...given });
}

function account(given: Record<string, string>) {
  const known = read(given);
  if ('faults' in known) throw new Error(known.faults.join());
  return known.account;
}

test('with a secret and a token, pings are taken and looked up, in both modes', (t) => {
  const { live, sandbox, canFetch, findings } = account({
    GUMROAD_PING_SECRETS: `${SECRET},older-${SECRET}`,
    GUMROAD_ACCESS_TOKEN: 'an access token',
  });
  t.deepEqual([live, sandbox], [{ requests: false, events: true }, false]);
  t.deepEqual([canFetch?.('live'), canFetch?.('test')], [true, true]);
  t.deepEqual(
    findings.map(({ level }) => level),
    ['ok'],
  );
});

test('a secret without a token is a fault, a token without a secret a warning, and neither says nothing', async (t) => {
  const [finding] = account({ GUMROAD_PING_SECRETS: SECRET }).findings;
  t.like(finding, { level: 'fault' });
  t.regex(finding?.atStart ?? '', /^GUMROAD_ACCESS_TOKEN is not set/);
  t.like(account({ GUMROAD_ACCESS_TOKEN: 'an access token' }).findings[0], { level: 'warning' });
  t.deepEqual(account({}).findings, []);
  t.is(await account({}).events({ products: [], simulator: undefined }), undefined);
});

test('a secret that can be guessed or that no address holds is refused, and not repeated', (t) => {
  for (const value of [
    'short-secret-of-a-few',
    'with a space in the middle of it',
    `${SECRET},a/path/of/an/address/x`,
  ]) {
    const known = read({ GUMROAD_PING_SECRETS: value });
    const told = 'faults' in known ? known.faults.join() : '';
    t.regex(told, /^GUMROAD_PING_SECRETS: has something else than 22 or more letters/);
    t.false(told.includes(value));
  }
});
