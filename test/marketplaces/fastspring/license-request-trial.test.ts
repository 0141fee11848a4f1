/** The trial that a license request reports. */
import test from 'ava';
import type { Product } from '../../../src/domain/values/product.ts';
import { ask, REFERENCE, refusal, type Values } from './asking.ts';
import { APP } from './reading.ts';

test('a trial ends on trialEnd, or with the product’s trial term (36)', (t) => {
  const trial: Product = { ...APP, trialTerm: 'P14D' };
  const end = (more: Values, product = trial) => ask(product, more).trialEnd;
  t.is(end({ trialEnd: '2026-12-01' }), '2026-12-01');
  t.is(end({ trialEnd: '2026-12-01T08:00:00Z' }), '2026-12-01');
  t.is(end({ trialEnd: String(Date.UTC(2026, 11, 1)) }), '2026-12-01');
  t.is(end({ trial: 'true' }), '2026-12-04');
  t.is(end({ sequence: '0' }), '2026-12-04');
  t.is(end({ trial: 'true', trialEnd: '2026-12-01' }), '2026-12-01');
  for (const none of [
    ...['null', 'None', '0', '-'].map((trialEnd) => ({ trialEnd })),
    {},
    { sequence: '1' },
    { trial: 'false' },
    { trial: 'no', trialEnd: '2026-12-01' },
  ]) {
    t.is(end(none), undefined, JSON.stringify(none));
  }
  t.is(
    refusal(t, () => end({ trialEnd: 'in two weeks' })),
    'malformed_request: trialEnd must be a date such as 2027-01-31, or milliseconds since 1970-01-01.',
  );
});

test('a trial of unknown length is flagged (36)', (t) => {
  const { trialEnd, facts } = ask(APP, { trial: 'true' });
  t.is(trialEnd, undefined);
  t.deepEqual(
    facts.map(({ subject, body }) => `${subject} ${body.kind} ${body.kind === 'noted' && body.why}`),
    [`order:${REFERENCE} noted unclear`],
  );
});

test('a name is truncated between characters, and a company replaces a missing name (61)', (t) => {
  t.is(ask(APP, { name: `${'n'.repeat(199)}👩‍🚀` }).order.customer.name, 'n'.repeat(199));
  t.is(ask(APP, { name: ' ', company: 'Navy' }).order.customer.name, 'Navy');
  t.deepEqual(ask(APP).order.customer, { name: undefined, email: undefined });
});
