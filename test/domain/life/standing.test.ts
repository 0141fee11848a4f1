import test from 'ava';
import type { NewAnswer } from '../../../src/domain/changes.ts';
import { standingOf } from '../../../src/domain/life/standing.ts';
import { changeOf, changesOf, codeOf, foundOf, newLicenseOf } from '../../kit/changed.ts';
import { recordOf } from '../../kit/records.ts';

const answerOf = (number: number): NewAnswer => ({
  number,
  id: recordOf().id,
  revision: 0,
  quantity: 1,
  message: '',
  at: 0,
  request: null,
  byUnit: false,
});

test('a license without a change stands as it was loaded', (t) => {
  const { id, code } = recordOf();
  const loaded = recordOf({ number: 2, unit: 1, subscription: 'S', handed: 0, due: 7, revision: 4 });
  t.deepEqual(standingOf(foundOf([recordOf(), loaded]), changesOf(), 2), {
    number: 2,
    id: loaded.id,
    order: 'A',
    line: 'pro',
    product: 'pro',
    unit: 1,
    reissue: 0,
    subscription: 'S',
    state: 'active',
    stateBefore: 'active',
    revision: 4,
    code: loaded.code,
    codeBefore: loaded.code,
    handedBefore: 0,
    dueBefore: 7,
    isHanded: false,
  });
  t.like(standingOf(foundOf([recordOf(), loaded]), changesOf(), 1), { id, code, unit: 0 });
});

test('the last of its changes counts, the newest code stays, and changes of other licenses do not count', (t) => {
  const [first, second] = [codeOf({}, 1), codeOf({ seats: 9 }, 2)];
  const changes = changesOf({
    changes: [
      changeOf({ revision: 1, code: first, state: 'suspended' }),
      changeOf({ number: 2, revision: 2, code: second, state: 'revoked' }),
      changeOf({ revision: 1, state: 'ended' }),
    ],
    touches: [
      { number: 2, subscription: 'T' },
      { number: 1, subscription: 'U' },
    ],
  });
  const found = foundOf([recordOf(), recordOf({ number: 2 }), recordOf({ number: 3, subscription: 'S' })]);
  const { code } = recordOf();
  t.like(standingOf(found, changes, 1), {
    ...{ state: 'ended', revision: 1, code: first, subscription: 'U' },
    ...{ stateBefore: 'active', codeBefore: code },
  });
  t.like(standingOf(found, changes, 2), { state: 'revoked', revision: 2, code: second, subscription: 'T' });
  t.like(standingOf(found, changes, 3), { state: 'active', revision: 0, code, subscription: 'S' });
});

test('a license that the changes issue had no state, code or delivery before; later changes of it count', (t) => {
  const licenses = [newLicenseOf(), newLicenseOf({ unit: 1, subscription: 'S' })];
  const [, second] = licenses;
  t.deepEqual(standingOf(foundOf([]), changesOf({ licenses }), -2), {
    number: -2,
    id: second!.minted.id,
    order: 'A',
    line: 'pro',
    product: 'pro',
    unit: 1,
    reissue: 0,
    subscription: 'S',
    state: 'active',
    stateBefore: undefined,
    revision: 0,
    code: second!.minted.code,
    codeBefore: undefined,
    handedBefore: null,
    dueBefore: null,
    isHanded: false,
  });
  const code = codeOf({}, 1);
  const changes = changesOf({
    licenses,
    changes: [changeOf({ number: -1, revision: 1, code, state: 'suspended' })],
    touches: [{ number: -1, subscription: 'T' }],
  });
  t.like(standingOf(foundOf([]), changes, -1), { revision: 1, code, state: 'suspended', subscription: 'T' });
  t.like(standingOf(foundOf([]), changes, -2), { revision: 0, state: 'active', subscription: 'S' });
});

test('the newest code is handed out by an answer, or by a delivery of its revision or a later one, of this license', (t) => {
  const found = foundOf([recordOf(), recordOf({ number: 2 })]);
  const changes = [changeOf({ revision: 1, code: codeOf() })];
  const isHanded = (more: Parameters<typeof changesOf>[0], number = 1) =>
    standingOf(found, changesOf({ changes, ...more }), number).isHanded;
  t.false(isHanded({}));
  t.true(isHanded({ answers: [answerOf(1)] }));
  t.false(isHanded({ answers: [answerOf(2)] }));
  t.true(isHanded({ touches: [{ number: 1, handed: 1 }] }));
  t.true(isHanded({ touches: [{ number: 1, handed: 2 }] }));
  t.false(isHanded({ touches: [{ number: 1, handed: 0 }] }), 'an older code');
  t.false(isHanded({ touches: [{ number: 2, handed: 1 }] }));
  t.false(isHanded({ touches: [{ number: 1, due: 5 }] }));
  t.true(isHanded({ touches: [{ number: 2, handed: 0 }] }, 2), 'the first code');
  const answer = { quantity: 1, message: '', byUnit: false };
  t.true(isHanded({ licenses: [newLicenseOf({ answer })] }, -1));
  t.false(isHanded({ licenses: [newLicenseOf()] }, -1));
});

test('a license that is neither loaded nor issued is an error of the caller', (t) => {
  t.throws(() => standingOf(foundOf([recordOf()]), changesOf(), 2), { instanceOf: TypeError });
  t.throws(() => standingOf(foundOf([recordOf()]), changesOf({ licenses: [newLicenseOf()] }), -2), {
    instanceOf: TypeError,
    message: /license -2 is not in the changes/,
  });
});
