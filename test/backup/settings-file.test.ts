import test from 'ava';
import { settingsFile } from '../../src/backup/settings-file.ts';
import { parseDotEnv } from '../../src/service/settings.ts';

const AT = '2026-11-21T10:00:00.000Z';

test('settings are read again as they were, and secrets and places are left out', (t) => {
  const plain = {
    LOG_LEVEL: 'warn',
    RETAIN_EVENTS: 'P30D',
    FASTSPRING_REFERENCE_PATTERN: '^[A-Z]{3}\\d+#"x" $',
  };
  const secret = { KEY_PASSPHRASE: 'planted passphrase', FASTSPRING_LICENSE_KEYS_FILE: '/run/planted' };
  const text = fileOf({ ...plain, ...secret, DATA_DIR: '/data', NOT_OURS: 'planted' });
  t.deepEqual({ ...parseDotEnv(text) }, plain);
  t.notRegex(text, /planted/);
  t.regex(text, /^#KEY_PASSPHRASE=$/m);
  t.regex(text, /^#FASTSPRING_LICENSE_KEYS_FILE=$/m);
  t.regex(text, /^#DATA_DIR=\/data$/m);
});

for (const value of [
  '',
  'a b',
  "it's",
  'say "x"',
  '`x`',
  '# no comment',
  ' spaces ',
  'a=b',
  '$HOME',
  '100%',
]) {
  test(`the value ${JSON.stringify(value)} is read again as it was`, (t) => {
    t.is(parseDotEnv(fileOf({ LOG_LEVEL: value }))['LOG_LEVEL'], value);
  });
}

function fileOf(env: Readonly<Record<string, string>>): string {
  return settingsFile({ variable: (name) => env[name] }, AT);
}
