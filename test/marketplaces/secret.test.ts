import { globSync, readFileSync } from 'node:fs';
import test from 'ava';
import { type Environment, readConfig } from '../../src/service/config.ts';
import { parseDotEnv } from '../../src/service/settings.ts';

/** README and the pages of docs/, from which a seller can copy. */
const PAGES = ['README.md', ...globSync('docs/**/*.md')].map((page) => readFileSync(page, 'utf8')).join('\n');
const never = () => '';

/** The faults that stop the start, without the title. */
function faultsOf(environment: Environment): string[] {
  try {
    readConfig(environment, never);
    return [];
  } catch (error) {
    return String(error).split('\n').slice(1);
  }
}

/** Every line that a reader can copy into `.env`. */
const settingLines = (text: string) =>
  [...text.matchAll(/^ *((?:FASTSPRING|PADDLE|STRIPE|LEMON_SQUEEZY|GUMROAD|KEY)_[A-Z_]+=.*)$/gm)].map(
    ([, line]) => line ?? '',
  );

/** The block of `.env`, without the indent of its list. */
const BLOCK = (/```ini\n( *# Paddle: [\s\S]*?)```/.exec(PAGES)?.[1] ?? '').replaceAll(/^ +/gm, '');

for (const phrase of [
  'the private key of your license fulfillments',
  'the HMAC secret of your webhook',
  'a-private-key-for-example',
  'a-webhook-secret-for-example',
]) {
  test(`fault 46: a phrase that a README printed is no secret: ${phrase}`, (t) => {
    for (const name of ['FASTSPRING_LICENSE_KEYS', 'FASTSPRING_WEBHOOK_SECRETS', 'KEY_PASSPHRASE']) {
      const [told, ...others] = faultsOf({ [name]: phrase });
      t.regex(told ?? '', new RegExp(`^${name}: is a phrase that the README printed`));
      t.deepEqual(others, []);
      t.deepEqual(faultsOf({ [name]: `${phrase}!` }), [], 'the control');
    }
    t.is(faultsOf({ FASTSPRING_LICENSE_KEYS: `one of our own,${phrase}` }).length, 1);
    t.false(PAGES.includes(phrase.includes(' ') ? `=${phrase}` : phrase));
  });
}

test('fault 46: the .env that the docs show is empty, and each line of it that stays empty stops the start by its name', (t) => {
  const given = parseDotEnv(BLOCK);
  const names = Object.keys(given).sort();
  t.deepEqual(names, [
    'FASTSPRING_LICENSE_KEYS',
    'FASTSPRING_WEBHOOK_SECRETS',
    'GUMROAD_ACCESS_TOKEN',
    'GUMROAD_PING_SECRETS',
    'LEMON_SQUEEZY_WEBHOOK_SECRETS',
    'PADDLE_BILLING_API_KEY',
    'PADDLE_BILLING_WEBHOOK_SECRETS',
    'PADDLE_CLASSIC_PUBLIC_KEY_FILE',
    'STRIPE_API_KEY',
    'STRIPE_WEBHOOK_SECRETS',
  ]);
  for (const name of names) {
    t.is(given[name], '', name);
    const told = faultsOf({ [name]: '' });
    t.is(told.length, 1);
    t.regex(told[0] ?? '', new RegExp(`^${name}: is empty: give `));
  }
  t.is(faultsOf(given).length, names.length);
});

test('the docs show no other line of .env that has a value in it', (t) => {
  t.deepEqual(settingLines(PAGES).sort(), [
    'FASTSPRING_LICENSE_KEYS=',
    'FASTSPRING_WEBHOOK_SECRETS=',
    'GUMROAD_ACCESS_TOKEN=',
    'GUMROAD_PING_SECRETS=',
    'LEMON_SQUEEZY_WEBHOOK_SECRETS=',
    'PADDLE_BILLING_API_KEY=',
    'PADDLE_BILLING_WEBHOOK_SECRETS=',
    'PADDLE_CLASSIC_PUBLIC_KEY_FILE=',
    'STRIPE_API_KEY=',
    'STRIPE_WEBHOOK_SECRETS=',
  ]);
  t.deepEqual(settingLines('   FASTSPRING_LICENSE_KEYS=x\n'), ['FASTSPRING_LICENSE_KEYS=x'], 'the control');
});
