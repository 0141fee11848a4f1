/** How a group of acts that fails is run again and divided, without a database. */
import test from 'ava';
import { LostConnection } from '../../../src/storage/postgres/ledger-error.ts';
import { type Act, type GroupRunner, runGroup } from '../../../src/storage/postgres/run-group.ts';

const PATIENCE = 60_000;

/** An act that is settled with its name. */
function actOf(name: string, ended: Map<string, unknown>, deadline = performance.now() + PATIENCE): Act {
  return {
    need: { names: [name] },
    run: () => name,
    resolve: () => ended.set(name, 'done'),
    reject: (reason) => ended.set(name, reason),
    deadline,
  };
}

const nameOf = ({ need }: Act) => need.names?.[0] ?? '';

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A database in which transactions with one of these names fail. */
function runnerOf(fault: (names: readonly string[]) => Error | undefined, held: readonly string[] = []) {
  const transactions: (readonly string[])[] = [];
  const runner: GroupRunner = {
    transact: async (group) => {
      const names = group.map(nameOf);
      transactions.push(names);
      const error = fault(names);
      if (error !== undefined) throw error;
      for (const { resolve } of group) resolve('' as never);
    },
    heldByOthers: async () => new Set(held),
  };
  return { runner, transactions };
}

const NAMES = Array.from({ length: 64 }, (_, place) => `N${place}`);

async function runNames(runner: GroupRunner, deadline?: number) {
  const ended = new Map<string, unknown>();
  await runGroup(
    runner,
    NAMES.map((name) => actOf(name, ended, deadline)),
  );
  return NAMES.filter((name) => ended.get(name) !== 'done');
}

const poison = (code: string) => (names: readonly string[]) =>
  names.includes('N20') ? failure(code) : undefined;

test('an act that fails alone is found by halves: the others are done', async (t) => {
  const { runner, transactions } = runnerOf(poison('22012'));
  t.deepEqual(await runNames(runner), ['N20']);
  // 64, 32, 16, 8, 4, 2 and 1 with it, and each other half.
  t.is(transactions.length, 13);
});

test('a failure that may pass is tried again before a group is divided', async (t) => {
  let failures = 2;
  const { runner, transactions } = runnerOf(() => (failures-- > 0 ? failure('40001') : undefined));
  t.deepEqual(await runNames(runner), []);
  t.deepEqual(
    transactions.map(({ length }) => length),
    [64, 64, 64],
  );
});

test('whoever needs a name that is held comes last, alone', async (t) => {
  const { runner, transactions } = runnerOf(poison('55P03'), ['N20']);
  const ended = new Map<string, unknown>();
  const patient = NAMES.map((name) =>
    actOf(name, ended, performance.now() + (name === 'N20' ? 0 : PATIENCE)),
  );
  await runGroup(runner, patient);
  t.deepEqual(
    NAMES.filter((name) => ended.get(name) !== 'done'),
    ['N20'],
  );
  t.deepEqual(
    transactions.map(({ length }) => length),
    [64, 63, 1],
  );
});

test('a database that cannot be reached divides nothing, and all acts end at their deadline', async (t) => {
  const { runner, transactions } = runnerOf(() => new LostConnection('gone'));
  const left = await runNames(runner, performance.now());
  t.is(left.length, NAMES.length);
  t.is(transactions.length, 1);
});
