import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { examineAddress, PRESENCE_PATH, Presence } from '../../src/doctor/address.ts';

async function serve(t: ExecutionContext, answer: (path: string) => { status: number; text: string }) {
  const server = createServer(({ url = '' }, response) => {
    const { status, text } = answer(url);
    response.writeHead(status).end(text);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const questionIn = (path: string) => path.slice(PRESENCE_PATH.length + 1);

test('the public address leads here if this process answers its own question', async (t) => {
  const presence = new Presence();
  const other = new Presence();
  const levelAt = async (url: string | undefined) => (await examineAddress(url, presence, { now: 0 })).level;
  const here = await serve(t, (path) => ({ status: 200, text: presence.answer(questionIn(path)) }));
  t.is(await levelAt(here), 'ok');
  const elsewhere = await serve(t, (path) => ({ status: 200, text: other.answer(questionIn(path)) }));
  t.is(await levelAt(elsewhere), 'fault', 'another process');
  const kept = await serve(t, () => ({ status: 404, text: '' }));
  t.is(await levelAt(kept), 'note', 'a proxy that keeps the console back');
  t.is(await levelAt('http://127.0.0.1:1'), 'note', 'not reachable from inside');
  t.is(await levelAt(undefined), 'warning');
});
