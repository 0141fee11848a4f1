/** Where a webhook may be sent to. */
import type { LookupFunction } from 'node:net';
import test from 'ava';
import { isPublicAddress } from '../../../src/outbox/webhook/public-address.ts';
import { startReceiver } from '../../kit/receiver.ts';
import { sendTo } from '../../kit/webhooks.ts';

/** Leads every name to the address. */
function leadsTo(address: string, seen: string[] = []): LookupFunction {
  return (host, { all }, callback) => {
    seen.push(host);
    if (all) callback(null, [{ address, family: 4 }]);
    else callback(null, address, 4);
  };
}

test('a name that leads to an address that is not public is never called, unless private: on', async (t) => {
  const receiver = await startReceiver(t);
  const url = new URL(`http://receiver.example:${receiver.port}/`);
  const post = { lookup: leadsTo('127.0.0.1') };
  t.deepEqual(await sendTo({ url }, { post, endpoint: { private: false } }), {
    outcome: 'failed',
    answer: 'the name leads to an address that is not public: say private: on if that is meant',
  });
  t.is(receiver.received.length, 0);
  t.like(await sendTo({ url }, { post }), { outcome: 'sent' }, 'the control');
  t.is(receiver.received.length, 1);
});

test('a name is looked up once, by the connection: a name that changes after a check does not help', async (t) => {
  const receiver = await startReceiver(t);
  const url = new URL(`http://receiver.example:${receiver.port}/`);
  const [seen, seenPrivate]: [string[], string[]] = [[], []];
  await sendTo({ url }, { post: { lookup: leadsTo('127.0.0.1', seen) }, endpoint: { private: false } });
  await sendTo({ url }, { post: { lookup: leadsTo('127.0.0.1', seenPrivate) } });
  t.deepEqual([seen, seenPrivate], [['receiver.example'], ['receiver.example']]);
  t.is(receiver.received.length, 1);
});

test('a name that was public at a check, and leads here when it is called, does not reach this computer', async (t) => {
  const receiver = await startReceiver(t);
  const url = new URL(`http://receiver.example:${receiver.port}/`);
  /** A name server whose second answer is another one, after somebody checked the first. */
  const rebound = async (): Promise<LookupFunction> => {
    const addresses = ['1.1.1.1'];
    const lookup: LookupFunction = (_, { all }, callback) => {
      const address = addresses.shift() ?? '127.0.0.1';
      if (all) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    };
    const isChecked = await new Promise((resolve) =>
      lookup('receiver.example', {}, (_, address) => resolve(isPublicAddress(String(address)))),
    );
    t.true(isChecked);
    return lookup;
  };
  t.like(await sendTo({ url }, { post: { lookup: await rebound() }, endpoint: { private: false } }), {
    outcome: 'failed',
  });
  t.is(receiver.received.length, 0);
  t.like(await sendTo({ url }, { post: { lookup: await rebound() } }), { outcome: 'sent' });
  t.is(receiver.received.length, 1, 'the control: without the check in the connection it arrives');
});

test('an address that is written as a number is checked as well', async (t) => {
  const receiver = await startReceiver(t);
  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '0',
  ]) {
    const url = new URL(`http://${host}:${receiver.port}/`);
    t.deepEqual(
      await sendTo({ url }, { endpoint: { private: false } }),
      { outcome: 'failed', answer: 'the address is not public: say private: on if that is meant' },
      host,
    );
  }
  t.is(receiver.received.length, 0);
  t.like(
    await sendTo({ url: new URL(`http://127.0.0.1:${receiver.port}/`) }),
    { outcome: 'sent' },
    'the control',
  );
});
