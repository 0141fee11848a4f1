/** Contract: who may enter the console, and when that ends. */
import type { TestFn } from 'ava';
import type { Ledger } from '../../../src/domain/ledger.ts';
import type { ConsoleEntry, Passkey, Session } from '../../../src/domain/ports/console-access.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const digestOf = (place: number) => new Uint8Array(32).fill(place);

const entry = (person: string, what = 'got in'): ConsoleEntry => ({ at: SOLD_AT, person, what });

const passkeyOf = (id: string, person: string): Passkey => ({
  id,
  person,
  name: 'a key',
  handle: 'aGFuZGxl',
  publicKey: new Uint8Array([1, 2, 3]),
  counter: 0,
  transports: ['internal'],
  madeAt: SOLD_AT,
  usedAt: null,
});

const opened = (place: number): Omit<Session, 'person' | 'passkey'> => ({
  digest: digestOf(place),
  openedAt: SOLD_AT,
  usedAt: SOLD_AT,
  provedAt: SOLD_AT,
});

async function enterByLink({ consoleAccess }: Ledger, place: number, person: string) {
  await consoleAccess.addLink({ digest: digestOf(place), person, madeAt: SOLD_AT }, entry(person));
  return consoleAccess.openByLink(digestOf(place), SOLD_AT - 1, opened(place));
}

const peopleIn = async ({ consoleAccess }: Ledger) =>
  (await consoleAccess.listSessions()).map(({ person }) => person).sort();

export function consoleAccessContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('a link opens one session for its person, and none once it is too old', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { consoleAccess } = ledger;
    t.like(await enterByLink(ledger, 1, 'Ada'), { person: 'Ada', passkey: null });
    t.is(await consoleAccess.openByLink(digestOf(1), SOLD_AT - 1, opened(2)), undefined, 'used up');
    t.is(await consoleAccess.openByLink(digestOf(9), SOLD_AT - 1, opened(2)), undefined, 'unknown');
    await consoleAccess.addLink({ digest: digestOf(3), person: 'Ada', madeAt: SOLD_AT }, entry('Ada'));
    t.is(await consoleAccess.openByLink(digestOf(3), SOLD_AT + 1, opened(3)), undefined, 'too old');
    t.deepEqual(await peopleIn(ledger), ['Ada']);
  });

  test('sessions end by their digest, their passkey or their person, and nobody else’s does', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { consoleAccess } = ledger;
    const key = passkeyOf('key-1', 'Grace');
    await consoleAccess.addPasskey(key, entry('Grace', 'added a passkey'));
    for (const [place, person] of [
      [1, 'Ada'],
      [2, 'Ada'],
      [3, 'Eve'],
    ] as const)
      await enterByLink(ledger, place, person);
    await consoleAccess.openByPasskey(key, opened(4));
    await enterByLink(ledger, 5, 'Grace');
    t.deepEqual(await peopleIn(ledger), ['Ada', 'Ada', 'Eve', 'Grace', 'Grace']);
    t.is(await consoleAccess.endSessions({ digest: digestOf(1) }, entry('Ada', 'signed out')), 1);
    t.is(await consoleAccess.endSessions({ passkey: 'key-1' }, entry('Grace', 'lost a key')), 1);
    t.deepEqual(await peopleIn(ledger), ['Ada', 'Eve', 'Grace'], 'Grace’s other session stays');
    t.is(await consoleAccess.endSessions({ person: 'Eve' }, entry('Ada', 'ended')), 1);
    const before = (await consoleAccess.listEntries(99)).length;
    t.is(await consoleAccess.endSessions({ person: 'Eve' }, entry('Ada', 'ended')), 0);
    t.is((await consoleAccess.listEntries(99)).length, before, 'nothing happened, so nothing is noted');
    t.is(await consoleAccess.endSessions('all', entry('Ada', 'ended')), 2);
    t.deepEqual(await peopleIn(ledger), []);
  });

  test('a removed passkey opens nothing more, and ends the sessions that it opened alone', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { consoleAccess } = ledger;
    const key = passkeyOf('key-1', 'Ada');
    await consoleAccess.addPasskey(key, entry('Ada', 'added a passkey'));
    await consoleAccess.openByPasskey({ ...key, counter: 7, usedAt: SOLD_AT }, opened(1));
    await enterByLink(ledger, 2, 'Ada');
    t.like(await consoleAccess.findPasskey('key-1'), { counter: 7, usedAt: SOLD_AT });
    t.false(await consoleAccess.removePasskey('key-2', entry('Ada', 'removed')), 'unknown');
    t.true(await consoleAccess.removePasskey('key-1', entry('Ada', 'removed a passkey')));
    t.is(await consoleAccess.findPasskey('key-1'), undefined);
    t.deepEqual(
      (await consoleAccess.listSessions()).map(({ passkey }) => passkey),
      [null],
    );
    t.is((await consoleAccess.listEntries(1))[0]?.what, 'removed a passkey');
  });
}
