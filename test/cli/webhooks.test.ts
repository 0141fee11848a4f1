import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { Webhook } from 'standardwebhooks';
import { type Cli, cliOf } from '../kit/cli.ts';
import { startReceiver } from '../kit/receiver.ts';
import { makeHome } from '../kit/service.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

/** The command line of a home with these endpoints. */
function homeWith(t: ExecutionContext, yaml?: string): { readonly cli: Cli; readonly file: string } {
  const { config, clock } = makeHome(t, { env: { CRM_WEBHOOK_SECRET: SECRET } });
  clock.now = Date.now();
  if (yaml !== undefined) writeFileSync(config.webhooksFile, yaml);
  return { cli: cliOf({ config, clock }), file: config.webhooksFile };
}

const yamlFor = (url: string, more = '') => `endpoints:
  - name: crm
    url: ${url}
    secret_env: CRM_WEBHOOK_SECRET
    topics: [license.issued, order.flagged]
    private: on
${more}`;

test('the list shows each endpoint, and not what its query may hold', async (t) => {
  const { cli } = homeWith(t, yamlFor('https://crm.example.com/hook?key=hush'));
  t.deepEqual(await cli(['webhooks', 'list']), {
    status: 0,
    out: 'crm  https://crm.example.com/hook?…  live, private  license.issued order.flagged\n',
    err: '',
  });
  t.deepEqual(JSON.parse((await cli(['webhooks', 'list', '--json'])).out), [
    {
      name: 'crm',
      url: 'https://crm.example.com/hook?…',
      mode: 'live',
      topics: ['license.issued', 'order.flagged'],
      personal: false,
      private: true,
    },
  ]);
});

test('without a file the list says how to begin', async (t) => {
  const { cli, file } = homeWith(t);
  const said = await cli(['webhooks', 'list']);
  t.deepEqual(said, {
    status: 0,
    out: `There is no endpoint: ${file} would name them (docs/webhooks.md).\n`,
    err: '',
  });
});

test('the test sends a signed ping now, and says what was answered', async (t) => {
  const receiver = await startReceiver(t, (response) => response.writeHead(200).end('thanks'));
  const { cli } = homeWith(t, yamlFor(receiver.url.href));
  t.deepEqual(await cli(['webhooks', 'test', 'crm']), {
    status: 0,
    out: 'crm took the ping: 200 thanks\n',
    err: '',
  });
  const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
  t.like(new Webhook(SECRET).verify(body, headers), { type: 'ping', data: { endpoint: 'crm' } });
});

test('a ping that is not taken ends with status 1', async (t) => {
  const receiver = await startReceiver(t, (response) => response.writeHead(500).end('broken'));
  const { cli } = homeWith(t, yamlFor(receiver.url.href));
  t.deepEqual(await cli(['webhooks', 'test', 'crm']), {
    status: 1,
    out: '',
    err: 'crm did not take the ping: 500 broken\n',
  });
  t.deepEqual(await cli(['webhooks', 'test', 'crm', '--json']), {
    status: 1,
    out: '{"endpoint":"crm","outcome":"failed","answer":"500 broken"}\n',
    err: '',
  });
});

test('an endpoint that is not there, a fault of the file and a missing secret are told', async (t) => {
  const { cli, file } = homeWith(t, yamlFor('https://crm.example.com'));
  t.is((await cli(['webhooks', 'test', 'shop'])).err, 'There is no endpoint shop. There are: crm.\n');
  writeFileSync(file, yamlFor('https://crm.example.com', '    retries: 3\n'));
  const { status, err } = await cli(['webhooks', 'list']);
  t.is(status, 1);
  t.true(err.includes(`${file}:7: endpoints[0].retries: there is no such key`), err);
  writeFileSync(file, yamlFor('https://crm.example.com').replace('CRM_WEBHOOK_SECRET', 'CRM_OTHER'));
  t.regex((await cli(['webhooks', 'test', 'crm'])).err, /:4: secret_env: CRM_OTHER is not set/);
});
