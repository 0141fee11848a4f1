/** A proxy of the environment is for other programs: it would see, and could lead elsewhere, what was checked. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { startReceiver } from '../../kit/receiver.ts';

const POST = new URL('../../../src/outbox/webhook/post.ts', import.meta.url).href;

test('a webhook is sent without the proxy that the environment names', async (t) => {
  const receiver = await startReceiver(t);
  const proxy = await startReceiver(t);
  const run = (script: string) =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '' },
    });
  await run(`import { createPost } from '${POST}';
    const target = { url: new URL('${receiver.url.href}'), private: true };
    const message = { headers: {}, body: new Uint8Array(1) };
    const answered = await createPost()(target, message, new AbortController().signal);
    process.exit(answered.status === 204 ? 0 : 1);`);
  t.is(receiver.received.length, 1);
  t.is(proxy.received.length, 0);
  await run(`import { request } from 'node:http';
    request('${receiver.url.href}', { method: 'POST' }, () => process.exit(0)).end('x');`);
  t.is(proxy.received.length, 1, 'the control: the environment does name a proxy');
});
