/** The console at a public address: a proxy with TLS before a real service, as a seller runs it. */
import { writeFileSync } from 'node:fs';
import { request as plainly } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { Machine } from '../kit/machine.ts';
import { selfSigned } from '../kit/receiver.ts';

/** A proxy that ends TLS; `leadsTo` and `isStrict` can be changed. */
async function openProxy(t: ExecutionContext) {
  const tls = selfSigned(t, 90);
  const way = { leadsTo: '', isStrict: false };
  const server = createServer(tls, (incoming, outgoing) => {
    const { port } = new URL(way.leadsTo);
    const { method, url: path, headers } = incoming;
    const onwards = plainly({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const strict = way.isStrict && { 'strict-transport-security': 'max-age=31536000' };
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...strict });
      answer.pipe(outgoing);
    });
    onwards.on('error', () => outgoing.destroy());
    incoming.pipe(onwards);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ ca: tls.cert });
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}, fields?: string) =>
    new Promise<{ status: number | undefined; cookie: string; body: string }>((resolve, reject) => {
      const sent = request(
        {
          ...{ host: 'localhost', port, path, agent, method: fields === undefined ? 'GET' : 'POST' },
          headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
        },
        async (answer) => {
          const [cookie = ''] = answer.headers['set-cookie'] ?? [];
          resolve({ status: answer.statusCode, cookie, body: await text(answer) });
        },
      );
      sent.on('error', reject);
      sent.end(fields);
    });
  return { way, url: `https://localhost:${port}`, cert: tls.cert, ask };
}

test('behind TLS the cookie is __Host- and Secure, and the page Go live sees the certificate and HSTS', async (t) => {
  t.timeout(120_000);
  const { way, url, cert, ask } = await openProxy(t);
  const machine = new Machine(t, { PUBLIC_URL: url, TRUST_PROXY: 'on' });
  writeFileSync(machine.path('ca.pem'), cert);
  machine.env['NODE_EXTRA_CA_CERTS'] = machine.path('ca.pem');
  const service = await machine.start();
  way.leadsTo = service.url;
  const link = JSON.parse((await machine.cli('console', 'link', '--json')).out);
  t.true(link.address.startsWith(`${url}/console/in#`), 'the link leads to the public address');
  const fields = `code=${link.code}`;
  t.is(
    (await ask('/console/in', { Origin: service.url }, fields)).status,
    403,
    'the address behind the proxy',
  );
  const entered = await ask('/console/in', { Origin: url }, fields);
  t.is(entered.status, 303);
  t.regex(entered.cookie, /^__Host-mintmark=.*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
  const [Cookie = ''] = entered.cookie.split(';');
  // The page waits four seconds for the address: on a busy machine it looks again.
  const goLive = async (): Promise<string> => {
    for (const end = Date.now() + 40_000; ; ) {
      const { body } = await ask('/console/test/go-live', { Cookie });
      if (/leads here; its/.test(body) || Date.now() > end) return body;
    }
  };
  const without = await goLive();
  t.regex(
    without,
    /leads here; its certificate is good for \d+ days\. It sends no Strict-Transport-Security\./,
  );
  t.regex(without, /<code>Strict-Transport-Security: max-age=31536000<\/code>/);
  way.isStrict = true;
  const strict = await goLive();
  t.regex(strict, /leads here; its certificate is good for \d+ days\./);
  t.notRegex(strict, /sends no Strict-Transport-Security/);
});

test('beyond this computer the console is off without an https PUBLIC_URL, and asking for it stops the start', async (t) => {
  t.timeout(120_000);
  const machine = new Machine(t, { HOST: '0.0.0.0' });
  for (const [env, told] of [
    [{ CONSOLE: 'on' }, /^CONSOLE: beyond this computer the console needs an https PUBLIC_URL/m],
    [{ PUBLIC_URL: 'http://licenses.example.com' }, /^PUBLIC_URL: write https:\/\//m],
  ] as const) {
    const asked = machine.spawn('src/main.ts', [], { env });
    t.is(await asked.ended, 1);
    t.regex(asked.err, told);
  }
  const service = await machine.start();
  const { port } = new URL(service.url);
  t.is((await fetch(`http://127.0.0.1:${port}/console/in`)).status, 404);
});
