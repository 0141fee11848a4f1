import test from 'ava';
import {
  firstKey,
  isSettledByItself,
  keyAgain,
  namelessReason,
  pathFlagKey,
  subscriptionInKey,
  unknownProductReason,
  unmappedFlagKey,
} from '../../../src/domain/values/flag.ts';

test('the flag of a path states the number of orders, and how to deliver and to ignore the path', (t) => {
  const remedy =
    'while no product file named it: add it to one, restart and run  products deliver edu; or, if it needs no license, run  products ignore edu';
  t.is(unknownProductReason('edu', 1), `edu was sold in one order ${remedy}`);
  t.is(unknownProductReason('edu', 3), `edu was sold in 3 orders ${remedy}`);
  t.is(
    unknownProductReason('edu', 0),
    'edu was sold, and no product file named it: no order waits for a license of it any more, so settle this flag',
  );
  t.is(
    unknownProductReason('', 2),
    "A sale without a product's name was seen in 2 orders: settle this flag once each has what was bought",
    'no command without its argument',
  );
});

test('a path has one flag in any spelling', (t) => {
  t.is(pathFlagKey('Lumen-EDU'), 'path:lumen-edu');
});

test('only a flag that no person settled may be raised again', (t) => {
  t.true(isSettledByItself('by itself: its cause is gone'));
  t.false(isSettledByItself('ada: fine, by itself'));
  t.false(isSettledByItself(null));
});

test('a sale that names no product is flagged as what it is: an order or a subscription', (t) => {
  t.regex(namelessReason('A'), /^Order A is paid for but names no product/);
  t.regex(namelessReason('subscription:S'), /^Subscription S is paid for but names no product/);
});

test('the key of an unmapped line’s flag leads back to its subscription, also where it is raised again', (t) => {
  const key = unmappedFlagKey('S', 'pro');
  t.is(subscriptionInKey(key, 'pro'), 'S');
  t.is(subscriptionInKey(keyAgain(key, 2), 'pro'), 'S');
  t.is(firstKey(keyAgain(key, 2)), key);
  t.is(subscriptionInKey(key, 'app'), undefined, 'another line');
  t.is(subscriptionInKey('owed:A:and:pro', 'pro'), undefined, 'another flag');
  t.is(subscriptionInKey(unmappedFlagKey('S', ''), ''), undefined, 'a line without a name');
  t.is(subscriptionInKey(unmappedFlagKey('', 'pro'), 'pro'), undefined, 'without a subscription');
});
