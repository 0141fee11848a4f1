import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { AppError } from '../../src/errors.ts';
import { MARKETPLACES } from '../../src/marketplaces/all.ts';
import { type Config, type Environment, readConfig } from '../../src/service/config.ts';
import { rsaKey } from '../kit/rsa-keys.ts';
import { pemOf, signed } from '../kit/sale.ts';

const LIVE = pemOf(rsaKey('live'));
const SANDBOX = pemOf(rsaKey('sandbox'));
const NEITHER = { requests: false, events: false };

test('without settings the service uses the defaults: loopback, port 8787, data and keys beside it, simulator on', (t) => {
  const { accounts, variable, ...config } = read({});
  t.deepEqual(config, {
    host: '127.0.0.1',
    port: 8787,
    dataDir: 'data',
    keysDir: 'keys',
    productsDir: join('data', 'products'),
    webhooksFile: join('data', 'webhooks.yaml'),
    ledgerDatabase: undefined,
    shopFile: join('data', 'shop.yaml'),
    ledgerFile: join('data', 'ledger.sqlite'),
    ledgerMark: join('keys', 'ledger-mark.json'),
    logLevel: 'info',
    trustProxy: false,
    simulator: true,
    keyPassphrase: undefined,
    keysBundle: undefined,
    keysBundlePassphrase: undefined,
    backupPassphrase: undefined,
    retainEvents: 'P90D',
    publicUrl: undefined,
    console: true,
    consolePort: undefined,
    downloads: undefined,
    mail: undefined,
    outbox: 'on',
    reconcile: 'apply',
    warnings: [],
  });
  for (const { live, sandbox, findings } of accounts) {
    t.deepEqual({ live, sandbox, findings }, { live: NEITHER, sandbox: false, findings: [] });
  }
  t.deepEqual(
    accounts.map(({ marketplace }) => marketplace),
    MARKETPLACES.map(({ name }) => name),
  );
  t.is(variable('CRM_WEBHOOK_SECRET'), undefined);
  t.is(read({ CRM_WEBHOOK_SECRET: 'x' }).variable('CRM_WEBHOOK_SECRET'), 'x');
});

test('each setting has its effect, and DATA_DIR moves the files in it', (t) => {
  t.like(read({ DATA_DIR: '/srv/m' }), {
    productsDir: join('/srv/m', 'products'),
    ledgerFile: join('/srv/m', 'ledger.sqlite'),
  });
  t.like(
    read({
      HOST: '::1',
      PORT: '0',
      KEYS_DIR: '/k',
      PRODUCTS_DIR: '/p',
      LEDGER_URL: 'sqlite:/l/ledger.sqlite',
      LOG_LEVEL: 'warn',
      TRUST_PROXY: 'on',
      SIMULATOR: 'off',
      KEY_PASSPHRASE: 'twelve chars',
      UNKNOWN: 'is none of our business',
    }),
    {
      host: '::1',
      port: 0,
      keysDir: '/k',
      productsDir: '/p',
      ledgerFile: '/l/ledger.sqlite',
      logLevel: 'warn',
      trustProxy: true,
      simulator: false,
      keyPassphrase: 'twelve chars',
    },
  );
});

test('a live key or secret turns the simulator off unless it is switched on; a sandbox key does not', (t) => {
  t.false(read({ FASTSPRING_WEBHOOK_SECRETS: 'twelve chars' }).simulator);
  t.false(read({ FASTSPRING_LICENSE_KEYS: 'twelve chars' }).simulator);
  t.false(read({ PADDLE_CLASSIC_PUBLIC_KEY: LIVE }).simulator);
  t.true(read({ PADDLE_CLASSIC_PUBLIC_KEY: LIVE, SIMULATOR: 'on' }).simulator);
  t.true(read({ PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: SANDBOX }).simulator);
  t.false(read({ SIMULATOR: 'off' }).simulator);
});

const FORMS: Readonly<Record<string, string>> = {
  'a PEM with real line ends': LIVE,
  'a PEM with line ends of Windows': LIVE.replaceAll('\n', '\r\n'),
  'a PEM with \\n for line ends': LIVE.replaceAll('\n', '\\n'),
  'a PEM with white space around it': `\n  ${LIVE}\n\n`,
  'a PEM in base64': Buffer.from(LIVE).toString('base64'),
  'a PEM with \\n, in base64': Buffer.from(LIVE.replaceAll('\n', '\\n')).toString('base64'),
  'a PEM in base64 over several lines': Buffer.from(LIVE).toString('base64').replaceAll(/.{76}/g, '$&\n'),
  'the base64 of the key alone': LIVE.split('\n').slice(1, -2).join(''),
};

for (const [form, text] of Object.entries(FORMS)) {
  test(`a public key is taken as ${form}`, async (t) => {
    t.is(await modeOfSigned(read({ PADDLE_CLASSIC_PUBLIC_KEY: text })), 'live');
  });
}

test('an invalid, private, short or non-RSA public key is refused with the correction', (t) => {
  const privatePem = rsaKey('live').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const spki = { format: 'pem', type: 'spki' } as const;
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export(spki).toString();
  const ed25519 = generateKeyPairSync('ed25519').publicKey.export(spki).toString();
  for (const [text, fault] of [
    ['', /is empty/],
    ['  \n', /is empty/],
    ['nonsense', /is not a public key/],
    [LIVE.slice(0, 100), /is not a public key/],
    [LIVE.replace('M', '!'), /is not a public key/],
    [privatePem, /is a private key: give the public key/],
    [Buffer.from(privatePem).toString('base64'), /is a private key/],
    [short, /less than 2048 bits/],
    [ed25519, /is not an RSA key/],
  ] as const) {
    for (const name of ['PADDLE_CLASSIC_PUBLIC_KEY', 'PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY']) {
      const [line, ...others] = faults(t, { [name]: text });
      t.regex(line ?? '', new RegExp(`^${name}: `));
      t.regex(line ?? '', fault);
      t.deepEqual(others, []);
    }
  }
});

test('the same key for live and sandbox is refused, also in two encodings', (t) => {
  for (const sandbox of Object.values(FORMS)) {
    const [line] = faults(t, { PADDLE_CLASSIC_PUBLIC_KEY: LIVE, PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: sandbox });
    t.regex(line ?? '', /^PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: is the same key as PADDLE_CLASSIC_PUBLIC_KEY/);
  }
  t.notThrows(() => read({ PADDLE_CLASSIC_PUBLIC_KEY: LIVE, PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: SANDBOX }));
});

test('a secret that is empty, is short, or starts or ends with white space is refused by its name', (t) => {
  for (const [secret, fault] of [
    ['', /^KEY_PASSPHRASE: is empty/],
    ['elevenchars', /^KEY_PASSPHRASE: is too short: at least 12 characters/],
    [' twelve chars', /^KEY_PASSPHRASE: starts or ends with white space/],
    ['twelve chars ', /^KEY_PASSPHRASE: starts or ends with white space/],
    ['twelve chars\n', /^KEY_PASSPHRASE: starts or ends with white space/],
    ['\ttwelve chars', /^KEY_PASSPHRASE: starts or ends with white space/],
  ] as const) {
    const told = faults(t, { KEY_PASSPHRASE: secret });
    t.is(told.length, 1);
    t.regex(told[0] ?? '', fault);
  }
  t.is(read({ KEY_PASSPHRASE: 'twelve chars' }).keyPassphrase, 'twelve chars');
});

test('a comment behind the = is no secret: `docker run --env-file` and systemd pass it on as the value', (t) => {
  const told = faults(t, { FASTSPRING_LICENSE_KEYS: '# the private key' });
  t.deepEqual(told, ['FASTSPRING_LICENSE_KEYS: begins with #: write a comment on a line of its own']);
  t.notThrows(() => read({ FASTSPRING_LICENSE_KEYS: 'the # private key' }));
});

test('an empty path of a file is refused by its name', (t) => {
  const told = faults(t, { PADDLE_CLASSIC_PUBLIC_KEY_FILE: '' });
  t.deepEqual(told, [
    'PADDLE_CLASSIC_PUBLIC_KEY_FILE: is empty: give the path of a file, or leave the setting out',
  ]);
});

for (const [name, ...values] of [
  ['HOST', ''],
  ['PORT', '', 'x', '-1', '65536', '80.5', ' 80', '1e3', '0x50', '000080'],
  ['DATA_DIR', ''],
  ['KEYS_DIR', ''],
  ['PRODUCTS_DIR', ''],
  [
    'LEDGER_URL',
    '',
    'ledger.sqlite',
    'sqlite:',
    'mysql://x',
    'postgres:x',
    'postgres://a:b/c@x/y',
    'postgres://a:b#c@x/y',
  ],
  ['LOG_LEVEL', '', 'INFO', 'verbose'],
  ['TRUST_PROXY', '', 'maybe', 'ON'],
  ['SIMULATOR', '', '2'],
  ['OUTBOX', '', 'ON', 'never'],
] as const) {
  test(`${name} is refused if invalid, in one line that begins with its name`, (t) => {
    for (const value of values) {
      const told = faults(t, { [name]: value });
      t.is(told.length, 1, JSON.stringify(value));
      t.true(told[0]?.startsWith(`${name}: `));
    }
  });
}

test('all faults are reported at once, each with its setting', (t) => {
  const told = faults(t, {
    PORT: 'x',
    LOG_LEVEL: 'x',
    LEDGER_URL: 'x',
    TRUST_PROXY: 'x',
    KEY_PASSPHRASE: 'short',
    KEY_PASSPHRASE_FILE: '/also',
    PADDLE_CLASSIC_PUBLIC_KEY: LIVE,
    PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: LIVE,
  });
  t.deepEqual(told.map((line) => line.split(':')[0]).toSorted(), [
    'KEY_PASSPHRASE',
    'KEY_PASSPHRASE_FILE',
    'LEDGER_URL',
    'LOG_LEVEL',
    'PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY',
    'PORT',
    'TRUST_PROXY',
  ]);
});

test('no message repeats a value', (t) => {
  const names = [
    'PORT',
    'LEDGER_URL',
    'LOG_LEVEL',
    'TRUST_PROXY',
    'SIMULATOR',
    'KEY_PASSPHRASE',
    'PADDLE_CLASSIC_PUBLIC_KEY',
    'PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY',
  ];
  const error = refusal(t, Object.fromEntries(names.map((name) => [name, ' CANARY'])));
  for (const name of names) t.true(error.message.includes(`${name}: `), name);
  t.notRegex(`${error.message}${error.detail}${String(error.cause)}`, /CANARY/);
});

for (const name of ['KEY_PASSPHRASE', 'PADDLE_CLASSIC_PUBLIC_KEY', 'PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY']) {
  const value = name === 'KEY_PASSPHRASE' ? 'twelve chars' : LIVE.trim();
  const taken = async (environment: Environment, text: string) => {
    const config = readConfig(environment, () => text);
    if (name === 'KEY_PASSPHRASE') return config.keyPassphrase === value;
    return (await modeOfSigned(config)) === (name.includes('SANDBOX') ? 'test' : 'live');
  };

  test(`${name}_FILE is read instead of ${name}, without an editor's line end`, async (t) => {
    for (const end of ['', '\n', '\r\n']) t.true(await taken({ [`${name}_FILE`]: '/f' }, `${value}${end}`));
  });

  test(`${name}_FILE is refused beside ${name}, and where the file cannot be read`, (t) => {
    const [both, ...others] = faults(t, { [name]: value, [`${name}_FILE`]: '/f' });
    t.regex(both ?? '', new RegExp(`^${name}_FILE: ${name} is set too`));
    t.deepEqual(others, []);
    const [unread, ...more] = faults(t, { [`${name}_FILE`]: '/CANARY' }, () => {
      throw new Error('ENOENT: CANARY');
    });
    t.regex(unread ?? '', new RegExp(`^${name}_FILE: the file cannot be read`));
    t.deepEqual(more, []);
    t.notRegex(`${unread}`, /CANARY/);
  });
}

test('a secret from a file is held to the same rules, by its name', (t) => {
  const told = faults(t, { KEY_PASSPHRASE_FILE: '/f' }, () => 'twelve chars \n');
  t.regex(told[0] ?? '', /^KEY_PASSPHRASE: starts or ends with white space/);
});

test('_FILE is only for secrets and keys', (t) => {
  t.is(readConfig({ HOST_FILE: '/f' }, () => t.fail('it was read') as never).host, '127.0.0.1');
});

/** The mode in which an alert is taken that the owner of the key pair `live` signed; undefined where it is refused. */
async function modeOfSigned({ accounts }: Config): Promise<string | undefined> {
  const account = accounts.find(({ marketplace }) => marketplace === 'paddle-classic');
  const form = Buffer.from(signed({ alert_id: '1', alert_name: 'any' }));
  const events = await account?.events({ products: [], simulator: undefined });
  return events?.readBatch(form, {}, 0)?.[0]?.head.mode;
}

function read(environment: Environment) {
  return readConfig(environment, () => {
    throw new Error('no file should be read');
  });
}

function refusal(t: ExecutionContext, environment: Environment, readFile: () => string = () => ''): AppError {
  return t.throws(() => readConfig(environment, readFile), { instanceOf: AppError })!;
}

/** The lines of the refusal, without its first. */
function faults(t: ExecutionContext, environment: Environment, readFile?: () => string): string[] {
  const error = refusal(t, environment, readFile);
  t.is(error.code, 'bad_configuration');
  const [title, ...lines] = error.message.split('\n');
  t.is(title, 'The settings have faults:');
  return lines;
}

test('the console is on at this computer, and beyond it only with an https PUBLIC_URL or a port of its own', (t) => {
  t.true(read({ HOST: 'localhost' }).console);
  t.true(read({ HOST: '::1' }).console);
  t.false(read({ HOST: '0.0.0.0' }).console);
  t.false(read({ CONSOLE: 'off' }).console);
  t.true(read({ HOST: '0.0.0.0', PUBLIC_URL: 'https://licenses.example.com/' }).console);
  t.is(read({ PUBLIC_URL: 'https://licenses.example.com/' }).publicUrl, 'https://licenses.example.com');
  t.true(read({ HOST: '0.0.0.0', CONSOLE_PORT: '8788' }).console);
  t.throws(() => read({ HOST: '0.0.0.0', CONSOLE: 'on' }), { message: /^CONSOLE: beyond this computer/m });
});

test('PUBLIC_URL comes from the platform, unless it is set', (t) => {
  t.is(read({ RENDER_EXTERNAL_URL: 'https://shop.onrender.com' }).publicUrl, 'https://shop.onrender.com');
  t.is(read({ FLY_APP_NAME: 'shop' }).publicUrl, 'https://shop.fly.dev');
  t.is(read({ FLY_APP_NAME: 'shop', PUBLIC_URL: 'https://a.example' }).publicUrl, 'https://a.example');
  t.is(read({ FLY_APP_NAME: '' }).publicUrl, undefined);
});

test('a URL of PostgreSQL is the database of the ledger, and can come from a file', (t) => {
  const url = 'postgres://mintmark:secret@one.example.com,two.example.com:5433/ledger?sslmode=verify-full';
  t.is(read({ LEDGER_URL: url }).ledgerDatabase, url);
  t.is(readConfig({ LEDGER_URL_FILE: '/run/url' }, () => `${url}\n`).ledgerDatabase, url);
  for (const other of [
    'postgresql://ada:%40%2F@one.example.com,two.example.com:5433/ledger?sslmode=verify-full&options=-c%20search_path%3Dshop',
    'postgres:///ledger?host=/var/run/postgresql&user=ada@example.com',
    'postgres://ada:p@ss@[::1]:5432/ledger',
    'postgres://db',
  ])
    t.is(read({ LEDGER_URL: other }).ledgerDatabase, other);
});
