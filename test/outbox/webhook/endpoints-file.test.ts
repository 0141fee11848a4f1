import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { AppError } from '../../../src/errors.ts';
import { readSecrets, type Variable } from '../../../src/outbox/webhook/endpoint-secrets.ts';
import { loadEndpoints } from '../../../src/outbox/webhook/endpoints-file.ts';
import { type Owner, temporaryFolder } from '../../kit/service.ts';

const GOOD = `endpoints:
  - name: crm
    url: https://crm.example.com/mintmark
    secret_env: CRM_WEBHOOK_SECRET
    topics: [license.issued, license.renewed]
`;

function fileOf(owner: Owner, content: string | Uint8Array): string {
  const file = join(temporaryFolder(owner), 'webhooks.yaml');
  writeFileSync(file, content);
  return file;
}

const load = (owner: Owner, content: string | Uint8Array) => loadEndpoints(fileOf(owner, content));

/** The faults as `line: message`. */
async function faultsOf(owner: Owner, content: string | Uint8Array): Promise<readonly string[]> {
  const file = fileOf(owner, content);
  try {
    await loadEndpoints(file);
    return [];
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_configuration') throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.replace(`${file}:`, ''));
  }
}

test('without a file there is no endpoint; a short entry has safe defaults', async (t) => {
  t.deepEqual(await loadEndpoints(join(temporaryFolder(t), 'webhooks.yaml')), []);
  t.deepEqual(await load(t, 'endpoints: []\n'), []);
  const [endpoint] = await load(t, GOOD);
  t.deepEqual(endpoint, {
    name: 'crm',
    url: new URL('https://crm.example.com/mintmark'),
    topics: ['license.issued', 'license.renewed'],
    mode: 'live',
    personal: false,
    private: false,
    secrets: [{ variable: 'CRM_WEBHOOK_SECRET' }],
    secretLine: 4,
  });
});

test('an endpoint may be for test orders, private, personal, and change its secret', async (t) => {
  const endpoints = await load(
    t,
    `${GOOD}    personal: on
  - { name: local, url: "http://127.0.0.1:9000/x", secret_file: [new.txt, old.txt], topics: order.flagged, mode: test, private: on }
`,
  );
  t.true(endpoints[0]?.personal);
  t.like(endpoints[1], { mode: 'test', private: true, topics: ['order.flagged'], secretLine: 7 });
  t.deepEqual(endpoints[1]?.secrets, [{ file: 'new.txt' }, { file: 'old.txt' }]);
});

test('each fault is told with its line and what to write, all at once', async (t) => {
  t.deepEqual(
    await faultsOf(
      t,
      `endpoints:
  - name: CRM
    url: ftp://crm.example.com
    secret_env: [9LIVES]
    topics: [license.issue]
    mode: sandbox
    personal: yes
    secrets: whsec_x
`,
    ),
    [
      '2: endpoints[0].name: "CRM" is not a name: use up to 63 of a-z, 0-9 and -, beginning with a letter or digit',
      '3: endpoints[0].url: must begin with https://',
      '4: endpoints[0].secret_env[0]: "9LIVES" is not the name of an environment variable',
      '5: endpoints[0].topics[0]: "license.issue" is not one of license.issued, license.renewed, license.suspended, license.reinstated, license.ended, license.revoked, license.reissued, order.flagged, event.failed, download.finished; did you mean license.issued?',
      '6: endpoints[0].mode: "sandbox" is not one of live, test',
      '7: endpoints[0].personal: "yes" is not one of on, off',
      '8: endpoints[0].secrets: there is no such key; there are name, url, secret_env, secret_file, topics, mode, personal, private',
    ],
  );
});

const REPLACED: readonly (readonly [replaced: string, by: string, faults: readonly string[]])[] = [
  [
    'endpoints:',
    'endpoint:',
    ['1: endpoints: is missing', '1: endpoint: there is no such key; did you mean endpoints?'],
  ],
  [
    '    topics:',
    '    topic:',
    [
      '2: endpoints[0].topics: is missing',
      '5: endpoints[0].topic: there is no such key; did you mean topics?',
    ],
  ],
  ['[license.issued, license.renewed]', '[]', ['5: endpoints[0].topics: is empty: name at least one topic']],
  ['license.renewed]', 'license.issued]', ['5: endpoints[0].topics[1]: "license.issued" is there twice']],
  ['    topics', '\ttopics', ['5: a tab stands where YAML wants spaces: indent with spaces']],
  ['    topics', '    name: x\n    topics', ['5: this key is there twice: keep one of them']],
  [
    '    secret_env: CRM_WEBHOOK_SECRET\n',
    '',
    [
      '2: endpoints[0]: has no secret: name an environment variable with secret_env, or a file with secret_file',
    ],
  ],
  [
    '    topics',
    '    secret_file: x\n    topics',
    ['5: endpoints[0].secret_file: secret_env is there too: leave one of them out'],
  ],
  ['https:', 'http:', ['3: endpoints[0].url: must begin with https://: http is only for this computer']],
  [
    'https://crm.example.com',
    'http://localhost:9000',
    ['3: endpoints[0].url: is http, which is only for this computer: say private: on'],
  ],
  [
    'https://crm.example.com',
    'https://127.1',
    ['3: endpoints[0].url: is not an address of the public internet: if that is meant, say private: on'],
  ],
  [
    'https://crm.example.com',
    'https://[::ffff:10.0.0.1]',
    ['3: endpoints[0].url: is not an address of the public internet: if that is meant, say private: on'],
  ],
  [
    'https://crm',
    'https://me:pass@crm',
    ['3: endpoints[0].url: has a user name or password in it: the signature proves who sends, take them out'],
  ],
  ['/mintmark', '/mintmark#a', ['3: endpoints[0].url: has a # in it, which is never sent: take it out']],
  [
    'https://crm.example.com/mintmark',
    'crm.example.com',
    ['3: endpoints[0].url: is not an address such as https://crm.example.com/mintmark'],
  ],
];

for (const [replaced, by, faults] of REPLACED) {
  test(`${JSON.stringify(replaced)} as ${JSON.stringify(by)} is refused`, async (t) => {
    t.deepEqual(await faultsOf(t, GOOD.replace(replaced, by)), faults);
  });
}

test('personal data leave only over https, also on the same computer', async (t) => {
  const local = GOOD.replace('https://crm.example.com', 'http://localhost:9000').concat('    private: on\n');
  t.deepEqual(await faultsOf(t, local), []);
  t.deepEqual(await faultsOf(t, `${local}    personal: on\n`), [
    '7: endpoints[0].personal: names and addresses leave only over https: turn it off, or use https',
  ]);
});

test('two endpoints of one name, a file that is no list and one that is no UTF-8 are refused', async (t) => {
  t.deepEqual(await faultsOf(t, GOOD + GOOD.replace('endpoints:\n', '')), [
    '6: endpoints[1].name: "crm" is there twice',
  ]);
  t.deepEqual(await faultsOf(t, 'endpoints: crm\n'), ['1: endpoints: must be a list, such as [one, two]']);
  t.deepEqual(await faultsOf(t, 'crm\n'), ['1: the file must be lines of "key: value"']);
  t.deepEqual(await faultsOf(t, Uint8Array.of(0x61, 0xff)), ['1: is not UTF-8 here: save the file as UTF-8']);
});

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

test('secrets come from the environment or from private files, the newest first', async (t) => {
  const file = join(temporaryFolder(t), 'secret.txt');
  writeFileSync(file, `${SECRET}\n`, { mode: 0o600 });
  const yaml = `${GOOD.replace('CRM_WEBHOOK_SECRET', '[CRM_NEW, CRM_OLD]')}
  - { name: other, url: "https://a.example.com", secret_file: ${JSON.stringify(file)}, topics: order.flagged }
`;
  const variables: Record<string, string> = { CRM_NEW: SECRET, CRM_OLD: `whsec_${'A'.repeat(32)}` };
  const secrets = readSecrets(await load(t, yaml), (name) => variables[name], 'webhooks.yaml');
  const bytes = Buffer.from(SECRET.slice(6), 'base64');
  t.deepEqual(secrets.get('crm'), [bytes, Buffer.alloc(24)]);
  t.deepEqual(secrets.get('other'), [bytes]);
});

test('a secret that is missing, malformed or open to others is told with its line, and never printed', async (t) => {
  const endpoints = await load(t, GOOD);
  const said = (given: Variable, list = endpoints) =>
    t.throws(() => readSecrets(list, given, 'w.yaml'), { instanceOf: AppError })?.message.split('\n')[1] ??
    '';
  t.is(
    said(() => undefined),
    'w.yaml:4: secret_env: CRM_WEBHOOK_SECRET is not set: set it in the environment or in .env',
  );
  const malformed = said(() => SECRET.slice(6));
  t.regex(malformed, /^w\.yaml:4: secret_env: CRM_WEBHOOK_SECRET does not begin with whsec_: make one with/);
  t.false(malformed.includes(SECRET.slice(6)));
  const file = join(temporaryFolder(t), 'secret.txt');
  const inFile = await load(
    t,
    GOOD.replace('secret_env: CRM_WEBHOOK_SECRET', `secret_file: ${JSON.stringify(file)}`),
  );
  t.regex(
    said(() => undefined, inFile),
    /secret\.txt is missing: put the secret there/,
  );
  writeFileSync(file, SECRET);
  chmodSync(file, 0o644);
  t.regex(
    said(() => undefined, inFile),
    /open to others .*chmod 600/,
  );
});
