import test from 'ava';
import { readConfig } from '../../src/service/config.ts';
import { findUnknownSettings } from '../../src/service/unknown-settings.ts';

const KNOWN = [
  'HOST',
  'PORT',
  'DATA_DIR',
  'KEYS_DIR',
  'LEDGER_URL',
  'LOG_LEVEL',
  'SIMULATOR',
  'KEY_PASSPHRASE',
  'KEY_PASSPHRASE_FILE',
  'FASTSPRING_LICENSE_KEYS',
  'FASTSPRING_LICENSE_KEYS_FILE',
  'FASTSPRING_WEBHOOK_SECRETS',
];
const find = (...names: readonly string[]) =>
  findUnknownSettings(Object.fromEntries(names.map((name) => [name, 'CANARY'])), KNOWN);

test('a near miss of an unset setting is a fault that names the setting', (t) => {
  for (const [name, meant] of [
    ['FASTSPRING_LICENSE_KEY', 'FASTSPRING_LICENSE_KEYS'],
    ['FASTSPRING_LICENCE_KEYS', 'FASTSPRING_LICENSE_KEYS'],
    ['FASTSPRING_WEBHOOK_SECRET', 'FASTSPRING_WEBHOOK_SECRETS'],
    ['fastspring_license_keys', 'FASTSPRING_LICENSE_KEYS'],
    ['FASTSPRING_LICENSE_KEY_FILE', 'FASTSPRING_LICENSE_KEYS_FILE'],
    ['KEY_PASPHRASE', 'KEY_PASSPHRASE'],
    ['KEY_DIR', 'KEYS_DIR'],
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['DATA_DIRS', 'DATA_DIR'],
  ] as const) {
    t.deepEqual(find(name), {
      faults: [`${name}: there is no such setting; did you mean ${meant}?`],
      warnings: [],
    });
  }
});

test('a near miss is a warning where the setting is set, directly or by a file', (t) => {
  for (const set of ['FASTSPRING_LICENSE_KEYS', 'FASTSPRING_LICENSE_KEYS_FILE']) {
    const { faults, warnings } = find('FASTSPRING_LICENSE_KEY', set);
    t.deepEqual(faults, []);
    t.deepEqual(warnings, [
      'FASTSPRING_LICENSE_KEY: there is no such setting, so it does nothing; did you mean FASTSPRING_LICENSE_KEYS?',
    ]);
  }
});

test('another name with a known prefix is a warning that lists the settings with that prefix', (t) => {
  t.deepEqual(find('LEDGER_SERVICE_HOST', 'FASTSPRING_STORE', 'MINTMARK_PORT'), {
    faults: [],
    warnings: [
      'LEDGER_SERVICE_HOST: there is no such setting, so it does nothing; there are LEDGER_URL',
      'FASTSPRING_STORE: there is no such setting, so it does nothing; there are FASTSPRING_LICENSE_KEYS, FASTSPRING_LICENSE_KEYS_FILE, FASTSPRING_WEBHOOK_SECRETS',
      'MINTMARK_PORT: there is no such setting, so it does nothing',
    ],
  });
});

test('variables of other programs are ignored: the control is the name of a known setting', (t) => {
  t.deepEqual(find('PATH', 'HOME', 'LOG_FORMAT', 'DATA_SOURCE', 'HOSTNAME', 'npm_config_cache', ...KNOWN), {
    faults: [],
    warnings: [],
  });
  t.deepEqual(findUnknownSettings({ FASTSPRING_LICENSE_KEY: undefined }, KNOWN).faults, []);
});

test('no message about a name repeats its value', (t) => {
  const { faults, warnings } = find('FASTSPRING_LICENSE_KEY', 'LEDGER_HOST');
  t.is(faults.length + warnings.length, 2);
  t.notRegex([...faults, ...warnings].join(), /CANARY/);
});

test('all settings are known by name, and a misspelled name stops the start', (t) => {
  const never = () => '';
  for (const name of ['FASTSPRING_LICENSE_KEYS', 'KEY_PASSPHRASE', 'FASTSPRING_WEBHOOK_SECRETS'])
    t.deepEqual(readConfig({ [name]: 'twelve chars' }, never).warnings, []);
  t.throws(() => readConfig({ FASTSPRING_LICENSE_KEY: 'twelve chars' }, never), {
    message: /^The settings have faults:\nFASTSPRING_LICENSE_KEY: .*did you mean FASTSPRING_LICENSE_KEYS\?$/,
  });
  t.is(readConfig({ PADDLE_API_KEY: 'x' }, never).warnings.length, 1);
});
