/** Rules for every event, whatever its type. */
import test from 'ava';
import { AppError } from '../../../src/errors.ts';
import { readEvent } from '../../../src/marketplaces/fastspring/event.ts';
import { CREATED, order, read } from './reading.ts';
import { EVENTS } from './rich-payloads.ts';

test('a resend under another event id yields the same facts with the same keys', (t) => {
  for (const { type, data } of EVENTS) {
    const facts = (id: string) =>
      read(type, data, { id }).facts.map(({ cause, ...fact }) => ({ ...fact, cause: cause.replace(id, '') }));
    t.deepEqual(facts('first'), facts('again'), type);
  }
});

test('no two facts of an event have the same key in one mode', (t) => {
  for (const { type, data } of EVENTS) {
    for (const live of [true, false]) {
      const keys = read(type, data, { live }).facts.map(({ mode, key }) => `${mode} ${key}`);
      t.deepEqual(keys, [...new Set(keys)], type);
    }
  }
});

test('facts of one mode affect the other mode only as a test order’s void (43, 44)', (t) => {
  for (const { type, data } of EVENTS) {
    const others = (live: boolean) => {
      const { mode, facts } = read(type, { ...data, live }, { live });
      return facts.filter((fact) => fact.mode !== mode).map(({ body }) => JSON.stringify(body));
    };
    t.deepEqual(others(true), [], type);
    t.deepEqual(others(false), type === 'order.completed' ? ['{"kind":"voided","test":true}'] : [], type);
  }
});

test('an event of an unknown type is stored and yields no facts', (t) => {
  for (const type of [
    'account.created',
    'payoutEntry.created',
    'order.approval.pending',
    'order.payment.pending',
  ]) {
    const event = read(type, order([{ product: 'app' }], { customer: { email: 'a@example.com' } }));
    t.deepEqual([event.facts, event.people, event.codes], [[], [], []], type);
  }
});

test('an event without data is refused where its type is read, and yields no facts elsewhere', (t) => {
  const readType = (type: string, more: object = {}) =>
    readEvent(JSON.stringify({ id: 'e', type, created: CREATED, ...more }), () => undefined);
  t.throws(() => readType('order.completed'), { instanceOf: AppError, code: 'malformed_request' });
  t.deepEqual(readType('account.created').facts, []);
  t.deepEqual(readType('order.completed', { data: {} }).facts, [], 'as in an example of FastSpring');
});

test('an event with facts and without a time is refused', (t) => {
  for (const created of [null, 0, 'yesterday' as unknown as number]) {
    t.throws(() => read('order.completed', order([{ product: 'app' }]), { created }), {
      instanceOf: AppError,
      code: 'malformed_request',
    });
  }
  t.notThrows(() => read('account.created', {}, { created: null }));
});

test('an event without an id or a type is refused', (t) => {
  for (const event of [{ type: 'order.completed' }, { id: 'e' }, [], null, 'x']) {
    t.throws(() => readEvent(JSON.stringify(event), () => undefined), { code: 'malformed_request' });
  }
});
