/** The Node example as it is, with a package built for it, a server of the test's own and a folder of its own. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { build } from 'esbuild';
import nacl from 'tweetnacl';
import { dayNumber } from '../../../src/license-code/day.ts';
import { encodeRevocationList, revocationDigest } from '../../../src/license-code/revocation-list.ts';
import { ENTRY } from '../../../verifiers/javascript/bundle.ts';
import { keyring, liveKey, mint, PRODUCT, record, strangerKey } from '../../kit/sample-codes.ts';

const EXAMPLE = new URL('../../../examples/node/', import.meta.url);
const program = mkdtempSync(join(tmpdir(), 'mintmark-editor-'));
const home = join(program, 'home');

const code = mint({ issued: 1, lastValid: 2 });
const renewed = mint({ revision: 4 });

/** What the server answers; a test sets it. */
let answers: Record<string, { status: number; body: string }> = {};
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  const { status, body } = answers[request.url ?? ''] ?? { status: 503, body: '' };
  request.resume().on('end', () => response.writeHead(status).end(body));
});

test.before(async () => {
  const outfile = join(program, 'node_modules/mintmark-verify/index.js');
  await build({ entryPoints: [ENTRY], bundle: true, format: 'esm', outfile, logLevel: 'error' });
  const manifest = '{"name": "mintmark-verify", "type": "module", "exports": "./index.js"}';
  writeFileSync(join(program, 'node_modules/mintmark-verify/package.json'), manifest);
  copyFileSync(new URL('editor.mjs', EXAMPLE), join(program, 'editor.mjs'));
  writeFileSync(join(program, 'keyring.json'), JSON.stringify(keyring));
  const product = { product: PRODUCT, features: ['export', 'sync', 'print'] };
  writeFileSync(join(program, 'product.json'), JSON.stringify(product));
  mkdirSync(home);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

test.after.always(() => {
  server.closeAllConnections();
  server.close();
  rmSync(program, { recursive: true, force: true });
});

test('the five lines of the README do what they say', async (t) => {
  const readme = readFileSync(new URL('../../../verifiers/javascript/README.md', import.meta.url), 'utf8');
  const lines = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  t.is(lines.trim().split('\n').length, 5);
  const five = lines.replace("'example'", `'${PRODUCT}'`).replace('pastedText', 'process.argv[2]');
  writeFileSync(join(program, 'five.mjs'), five);
  const read = (text: string) =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(program, 'five.mjs'), text], (_, stdout) => resolve(stdout));
    });
  t.is(await read(mint()), '5\n');
  t.regex(String(await read('0U')), /^here is no license code: look in your e-mail/);
});

function edit(...args: string[]): Promise<{ status: unknown; said: string }> {
  const { port } = server.address() as AddressInfo;
  const env = { ...process.env, ACME_HOME: home, ACME_LICENSES: `http://127.0.0.1:${port}` };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(program, 'editor.mjs'), ...args], { env }, (error, stdout, stderr) => {
      resolve({ status: error?.code ?? 0, said: `${stdout}${stderr}` });
    });
  });
}

test('the example keeps its code, renews it, obeys the list, and goes on without the server', async (t) => {
  t.deepEqual(await edit(), { status: 1, said: 'Not licensed: paste your license code.\n' });
  t.deepEqual(await edit(code.slice(0, 97)), {
    status: 1,
    said: 'What you entered was not taken: this is 97 of 160 characters: copy the whole line.\nNot licensed: paste your license code.\n',
  });

  rmSync(join(home, 'asked.txt'), { force: true });
  t.deepEqual(await edit(`> ${code}\n`), {
    status: 1,
    said: 'Not licensed: this license expired on 1970-01-03.\n',
  });
  t.is(dayNumber('1970-01-03'), 2);

  const refreshPath = '/v1/licenses/refresh';
  const listPath = `/v1/revocations/${PRODUCT}`;
  const answer = (text: string) => ({ status: 200, body: JSON.stringify({ changed: true, code: text }) });
  answers = { [refreshPath]: answer(mint({ revision: 9 }, strangerKey)) };
  t.is((await edit()).status, 1, 'control: a forged newer code is not taken');
  t.true(asked.includes(refreshPath) && asked.includes(listPath));

  rmSync(join(home, 'asked.txt'));
  answers = { [refreshPath]: answer(renewed) };
  t.deepEqual(await edit(), { status: 0, said: 'Licensed for 5 seats.\nExport is unlocked.\n' });
  t.is(readFileSync(join(home, 'license.txt'), 'utf8'), renewed);
  const typed = `${renewed.slice(0, 70)}u${renewed.slice(71)}`;
  t.deepEqual(await edit(typed), {
    status: 0,
    said: 'Character 71 was corrected.\nLicensed for 5 seats.\nExport is unlocked.\n',
  });
  t.is(readFileSync(join(home, 'license.txt'), 'utf8'), renewed, 'what is kept is the code as it was minted');
  const before = asked.length;
  t.is((await edit(code)).status, 0, 'the older code does not take the place of the newer');
  t.is(asked.length, before, 'asked once a day');

  rmSync(join(home, 'asked.txt'));
  const list = { product: PRODUCT, seq: 2, iat: 1, nxt: 2, revoked: revocationDigest(record.licenseId) };
  const jws = encodeRevocationList({ ...list, suspended: new Uint8Array(0) }, 1, (message) =>
    nacl.sign.detached(message, liveKey.secretKey),
  );
  answers = { [listPath]: { status: 200, body: jws } };
  const revoked = { status: 1, said: 'Not licensed: this license was withdrawn (refunded, for example).\n' };
  t.deepEqual(await edit(), revoked);
  answers = {};
  t.deepEqual(await edit(), revoked, 'the list is kept');
  rmSync(join(home, 'revocations.jws'));
  t.is((await edit()).status, 0, 'without the list a revoked code reads valid');
});
