import test from 'ava';
import { type Behind, createHandler } from '../../../src/service/lambda/handler.ts';
import { answerOf, eventOf } from '../../kit/lambda.ts';

const LOG = { error: () => {}, flush: () => {} };
const REQUEST = eventOf('function-url', { target: '/v1/keyring' });

function behind(changes: Partial<Behind> = {}): Behind {
  const nothing = async () => {};
  const forward = async () => ({ status: 200, rawHeaders: [], body: Buffer.from('keys') });
  return { forward, idle: nothing, everyMinute: nothing, everyDay: nothing, ...changes };
}

function handlerOf(open: () => Promise<Behind>) {
  return createHandler({ open, log: LOG, newRequestId: () => 'request-1' });
}

test('the service is opened at once, and once for all events', async (t) => {
  let opened = 0;
  const handler = handlerOf(async () => {
    opened += 1;
    return behind();
  });
  t.is(opened, 1);
  for (let times = 0; times < 3; times++) t.is(answerOf(await handler(REQUEST)).body.toString(), 'keys');
  t.is(opened, 1);
});

test('a start that failed is answered with 503 and tried again by the next event', async (t) => {
  let opened = 0;
  const handler = handlerOf(async () => {
    opened += 1;
    if (opened < 3) throw new Error('no database');
    return behind();
  });
  const { status, headers, body } = answerOf(await handler(REQUEST));
  t.is(status, 503);
  t.is(headers['retry-after'], '60');
  t.is(headers['content-type'], 'application/problem+json');
  t.like(JSON.parse(body.toString()), { code: 'ledger_unavailable', request: 'request-1' });
  t.notRegex(body.toString(), /no database/);
  await handler(REQUEST);
  t.is(answerOf(await handler(REQUEST)).status, 200);
});

test('an answer is given only when nothing of its request is left to do', async (t) => {
  let isDone = false;
  const idle = () =>
    new Promise<void>((resolve) =>
      setTimeout(() => {
        isDone = true;
        resolve();
      }, 20),
    );
  const handler = handlerOf(async () => behind({ idle }));
  await handler(REQUEST);
  t.true(isDone);
});

test('a schedule runs its turns, and one that fails is seen by the platform', async (t) => {
  const ran: string[] = [];
  const handler = handlerOf(async () =>
    behind({
      everyMinute: async () => ran.push('minute'),
      everyDay: async () => {
        throw new Error('no database');
      },
    }),
  );
  t.deepEqual(await handler({ mintmark: 'minute' }), { done: 'minute' });
  t.deepEqual(ran, ['minute']);
  await t.throwsAsync(handler({ mintmark: 'day' }), { message: 'no database' });
});

test('another event is an error, never an answer', async (t) => {
  const handler = handlerOf(async () => behind());
  await t.throwsAsync(handler({ Records: [] }), { message: /no request/ });
});
