import test from 'ava';
import { remembering } from '../../../src/domain/values/remembering.ts';

test('a result is computed once for each argument, and again after 1,000 other arguments', (t) => {
  let computed = 0;
  const length = remembering((text: string) => {
    computed += 1;
    return text.length;
  });
  t.deepEqual([length('ab'), length('abc'), length('ab')], [2, 3, 2]);
  t.is(computed, 2);
  for (let each = 0; each < 1000; each++) length(`x${each}`);
  t.is(length('ab'), 2);
  t.is(computed, 1003, 'the cache has a bound');
});

test('an error is not cached', (t) => {
  let isBroken = true;
  const read = remembering((text: string) => {
    if (isBroken) throw new RangeError(text);
    return text;
  });
  t.throws(() => read('a'), { instanceOf: RangeError });
  isBroken = false;
  t.is(read('a'), 'a');
});
