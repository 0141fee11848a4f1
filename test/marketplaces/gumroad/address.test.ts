/** The address that ends with a secret, at a started service. */
import test from 'ava';
import { openLedger } from '../../../src/service/open.ts';
import { startService } from '../../../src/service/service.ts';
import { exchange, headerOf, portOf, statusOf } from '../../kit/raw.ts';
import { makeHome } from '../../kit/service.ts';

const SECRETS = ['the-newer-address-of-a-test', 'the-older-address-of-a-test'] as const;
const FORM = 'application/x-www-form-urlencoded';
const PING = 'resource_name=sale&sale_id=S1';

test('each secret opens the address; without one the body is not read, and the call is counted; no log has a secret', async (t) => {
  const { config, log, lines } = makeHome(t, { env: { GUMROAD_PING_SECRETS: SECRETS.join() } });
  const { url, stop, settleDue } = await startService(config, { log });
  const ended = { is: false };
  const end = async () => {
    if (!ended.is) await stop();
    ended.is = true;
  };
  t.teardown(end);
  const post = (path: string, more = '', length = PING.length) =>
    exchange(
      portOf(url),
      `POST /webhooks/gumroad${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${FORM}\r\nContent-Length: ${length}\r\n\r\n${more}`,
      { cutAfter: 30_000 },
    );
  for (const secret of SECRETS) t.is(statusOf(await post(`/${secret}`, PING)), 200);
  for (const other of ['wrong', `${SECRETS[0]}x`, SECRETS[0].slice(1), `${SECRETS[0]}%00`, SECRETS.join()]) {
    // The body never comes.
    const answer = await post(`/${other}`, '', 1_000_000);
    t.deepEqual([statusOf(answer), headerOf(answer, 'Connection')], [401, 'close'], other);
  }
  t.is(statusOf(await post('', PING)), 404);
  t.is(statusOf(await post(`/${SECRETS[0]}/more`, PING)), 404);
  await settleDue();
  await end();
  const ledger = await openLedger(config);
  t.teardown(() => ledger.close());
  t.is((await ledger.findEvents({ limit: 9 })).length, 1, 'told twice, kept once');
  t.deepEqual(
    (await ledger.refusedCalls.list()).map(({ marketplace, calls }) => [marketplace, calls]),
    [['gumroad', 5]],
  );
  t.true(lines.length > 5);
  for (const secret of SECRETS) t.false(JSON.stringify(lines).includes(secret));
});
