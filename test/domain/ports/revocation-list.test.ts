import test from 'ava';
import { type ListNumbers, numberList } from '../../../src/domain/ports/revocation-list.ts';

const AT = Date.UTC(2026, 10, 21, 10);
const SECONDS = AT / 1000;
const WEEK = 7 * 86_400;
const FIRST: ListNumbers = { seq: SECONDS, iat: SECONDS, nxt: SECONDS + WEEK, keyId: 2 };

test('the first list is numbered by the clock, and the next is due in a week', (t) => {
  for (const isSameContent of [false, true]) {
    t.deepEqual(numberList(undefined, isSameContent, 2, AT + 999), FIRST);
  }
});

test('the numbers stay while content, key and time stay', (t) => {
  for (const later of [0, 1000, -3_600_000, WEEK * 1000 - 1]) {
    t.is(numberList(FIRST, true, 2, AT + later), FIRST, String(later));
  }
});

for (const [what, same, keyId, later] of [
  ['other content', false, 2, 1000],
  ['another key', true, 3, 1000],
  ['a week that passed', true, 2, WEEK * 1000],
  ['a clock that was a day ahead, and is no more,', true, 2, -86_400_000],
] as const) {
  test(`${what} makes a list with a higher number, dated now`, (t) => {
    const next = numberList(FIRST, same, keyId, AT + later);
    t.true(next.seq > FIRST.seq);
    t.is(next.iat, (AT + later) / 1000);
    t.is(next.nxt, next.iat + WEEK);
    t.is(next.keyId, keyId);
  });
}

test('the number rises by one if the clock is not higher: several changes a second, a clock set back', (t) => {
  for (const later of [0, -3_600_000, -400 * 86_400_000]) {
    t.is(numberList(FIRST, false, 2, AT + later).seq, FIRST.seq + 1);
  }
});

test('a ledger restored from a backup exceeds the numbers published since', (t) => {
  let given = FIRST;
  for (let change = 1; change <= 20; change++) given = numberList(given, false, 2, AT + change * 60_000);
  const restored = numberList(FIRST, false, 2, AT + 21 * 60_000);
  t.true(restored.seq > given.seq);
});
