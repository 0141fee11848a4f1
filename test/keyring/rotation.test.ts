import test from 'ava';
import type { KeyEntry, Keyring } from '../../src/keyring/keyring.ts';
import { activate, nextId, retire, withNewKey } from '../../src/keyring/rotation.ts';
import { refusal } from '../kit/keys-folder.ts';

function key(id: number, mode: KeyEntry['mode'], state: KeyEntry['state']): KeyEntry {
  return { id, mode, state, publicKey: id.toString(16).padStart(64, '0'), created: '2026-11-21' };
}

const states = (entries: Keyring): string => entries.map((each) => `${each.id} ${each.state}`).join(', ');

test('the next id follows the highest, and skips taken ids', (t) => {
  t.is(nextId([]), 1);
  t.is(nextId([key(7, 'live', 'retired'), key(2, 'test', 'active')]), 8);
  t.is(
    nextId([key(7, 'live', 'retired')], (id) => id === 8),
    9,
  );
});

test('id 255 is the last one', (t) => {
  t.is(nextId([key(254, 'live', 'active')]), 255);
  t.is(refusal(t, () => nextId([key(255, 'live', 'active')])).code, 'bad_usage');
});

test('a new key is active where its mode has no active key, and next otherwise or on request', (t) => {
  const wanted = key(3, 'live', 'active');
  const state = (entries: Keyring, next?: boolean) =>
    withNewKey(entries, wanted, next === undefined ? {} : { next }).added.state;
  t.is(state([]), 'active');
  t.is(state([key(1, 'test', 'active'), key(2, 'live', 'retired')]), 'active');
  t.is(state([key(1, 'live', 'active')]), 'next');
  t.is(state([], true), 'next');
});

test('a key with an id of the keyring is not added', (t) => {
  const entries = [key(1, 'live', 'active')];
  t.is(refusal(t, () => withNewKey(entries, key(1, 'test', 'next'))).code, 'bad_usage');
});

test("activating a key retires its mode's former active key and touches no other mode", (t) => {
  const entries = [key(1, 'live', 'active'), key(2, 'live', 'next'), key(3, 'test', 'active')];
  t.is(states(activate(entries, 2)), '1 retired, 2 active, 3 active');
  t.is(states(entries), '1 active, 2 next, 3 active');
});

test('a retired key can be activated again, after a rotation that came too early', (t) => {
  const early = activate([key(1, 'live', 'active'), key(2, 'live', 'next')], 2);
  t.is(states(activate(early, 1)), '1 active, 2 retired');
});

test('two active keys of a mode are corrected by activating or retiring one of them', (t) => {
  const entries = [key(1, 'live', 'active'), key(2, 'live', 'active')];
  t.is(states(activate(entries, 2)), '1 retired, 2 active');
  t.is(states(retire(entries, 2)), '1 active, 2 retired');
});

test('the only active key of a mode is not retired, and the refusal says how to replace it', (t) => {
  const entries = [key(1, 'live', 'active'), key(2, 'test', 'active')];
  const alone = refusal(t, () => retire(entries, 1));
  t.is(alone.code, 'bad_usage');
  t.regex(alone.message, /Key 1 is the only active live key/);
  t.regex(alone.message, /Nothing was changed/);
  t.regex(alone.message, /keys new --mode live --next/);
  const waiting = refusal(t, () => retire([...entries, key(3, 'live', 'next')], 1));
  t.regex(waiting.message, /keys activate 3/);
  t.notRegex(waiting.message, /keys new/);
});

test('a key that is next, or active beside another, can be retired', (t) => {
  t.is(states(retire([key(1, 'live', 'active'), key(2, 'live', 'next')], 2)), '1 active, 2 retired');
});

test('a key that is not in the keyring is not found', (t) => {
  t.is(refusal(t, () => activate([], 1)).code, 'not_found');
  t.is(refusal(t, () => retire([], 1)).code, 'not_found');
});
