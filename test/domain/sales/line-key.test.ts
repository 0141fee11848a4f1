import test from 'ava';
import { lineKey, unitKey } from '../../../src/domain/sales/line-key.ts';
import fc from '../../kit/fast-check.ts';

/** Few letters, digits and spaces, so that boundaries are easily confused. */
const text = fc.string({ unit: fc.constantFrom('a', '1', ' ', '=', 'null'), maxLength: 4 });
const unit = fc.record({
  order: text,
  line: text,
  product: text,
  unit: fc.nat(12),
});

test('two units have the same key only if order, line, product and number are equal', (t) => {
  const json = (of: { order: string; line: string; product: string; unit: number }) =>
    JSON.stringify([of.order, of.line, of.product, of.unit]);
  fc.assert(
    fc.property(unit, unit, (a, b) => {
      t.is(unitKey(a) === unitKey(b), json(a) === json(b));
      t.is(lineKey(a) === lineKey(b), json({ ...a, unit: 0 }) === json({ ...b, unit: 0 }));
    }),
    { numRuns: 2000 },
  );
});

test('a line without a product file differs from a line of a product named null', (t) => {
  const line = { order: 'A', line: 'x' };
  t.not(lineKey({ ...line, product: null }), lineKey({ ...line, product: 'null' }));
});
