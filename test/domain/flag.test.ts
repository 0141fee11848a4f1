import test from 'ava';
import { isSettledByItself, pathFlagKey, unknownProductReason } from '../../src/domain/flag.ts';

test('the flag of a path states the number of orders and how to ignore the path', (t) => {
  const remedy = 'but no product file names it: write one, or run  products ignore';
  t.is(unknownProductReason('edu', 1), `edu was sold in one order, ${remedy} edu`);
  t.is(unknownProductReason('edu', 3), `edu was sold in 3 orders, ${remedy} edu`);
  t.notRegex(unknownProductReason('', 1), /products ignore/, 'no command without its argument');
});

test('a path has one flag in any spelling', (t) => {
  t.is(pathFlagKey('Lumen-EDU'), 'path:lumen-edu');
});

test('only a flag that no person settled may be raised again', (t) => {
  t.true(isSettledByItself('by itself: its cause is gone'));
  t.false(isSettledByItself('ada: fine, by itself'));
  t.false(isSettledByItself(null));
});
