import test from 'ava';
import { didYouMean, nearest } from '../../src/message/nearest.ts';

test('the nearest word is the one a slip away, and none where all are far', (t) => {
  t.is(nearest('nmae', ['name', 'term']), 'name');
  t.is(nearest('Seats', ['seats']), 'seats');
  t.is(nearest('paddle-clasic', ['fastspring', 'paddle-classic']), 'paddle-classic');
  t.is(nearest('price', ['name', 'term']), undefined);
  t.is(nearest('abc', ['xyz']), undefined);
  t.is(didYouMean('saets', ['seats']), '; did you mean seats?');
  t.is(didYouMean('price', ['name']), '');
});
