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

test('the URL of a database is left out, since it may hold a password; the path of a file is said', (t) => {
  const database = fileOf({ LEDGER_URL: 'postgres://ada:planted@db.example.com/ledger' });
  t.notRegex(database, /planted/);
  t.regex(database, /^#LEDGER_URL=$/m);
  t.regex(fileOf({ LEDGER_URL: 'sqlite:/data/l.sqlite' }), /^#LEDGER_URL=sqlite:\/data\/l\.sqlite$/m);
});

test('a folder of downloads is a place where things lay, and a bucket is a setting', (t) => {
  t.regex(fileOf({ DOWNLOADS: '/srv/releases' }), /^#DOWNLOADS=\/srv\/releases$/m);
  t.regex(fileOf({ DOWNLOADS: 's3://bucket/prefix' }), /^DOWNLOADS=s3:\/\/bucket\/prefix$/m);
});

function fileOf(env: Readonly<Record<string, string>>): string {
  return settingsFile({ variable: (name) => env[name] }, AT);
}
