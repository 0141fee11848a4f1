/** How a group of acts that fails is run again and divided, without a database. */
import test from 'ava';
import { AppError } from '../../../../src/errors.ts';
import { Miss } from '../../../../src/storage/postgres/needs.ts';
import { LostConnection } from '../../../../src/storage/postgres/session/ledger-error.ts';
import { type Act, type GroupRunner, runGroup } from '../../../../src/storage/postgres/session/run-group.ts';

const PATIENCE = 60_000;

/** A deadline since when nobody waits any more. */
const LONG_OVER = -60_000;

/** An act that is settled with its name. */
function actOf(name: string, ended: Map<string, unknown>, deadline = performance.now() + PATIENCE): Act {
  return {
    need: { names: [name] },
    run: () => name,
    resolve: () => ended.set(name, 'done'),
    reject: (reason) => ended.set(name, reason),
    deadline,
    runs: undefined,
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
    settleDone: async (group) => group,
    heldByOthers: async (names) => new Set(held.filter((name) => names.includes(name))),
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
  let failures = 1;
  const { runner, transactions } = runnerOf(
    () => (failures-- > 0 ? failure('55P03') : undefined),
    ['N20', 'N30'],
  );
  t.deepEqual(await runNames(runner), []);
  t.deepEqual(
    transactions.map(({ length }) => length),
    [64, 62, 1, 1],
  );
});

for (const [finder, wants] of [
  ['the database', Object.assign(failure('55P03'), { detail: '["X"]' })],
  ['the act', new Miss({ locks: ['X'] })],
] as const) {
  test(`whoever needs a held name that ${finder} finds on the way comes last: who shares its group does not wait for it`, async (t) => {
    const waits: (readonly string[])[] = [];
    const done: (readonly string[])[] = [];
    const runner: GroupRunner = {
      transact: async (group, found) => {
        const names = group.map(nameOf);
        if (found.some((need) => [...(need.names ?? []), ...(need.locks ?? [])].includes('X'))) {
          waits.push(names);
          throw failure('55P03');
        }
        if (names.includes('N20')) throw wants;
        done.push(names);
        for (const { resolve } of group) resolve('' as never);
      },
      settleDone: async (group) => group,
      heldByOthers: async (names) => new Set(names.filter((name) => name === 'X')),
    };
    const ended = new Map<string, unknown>();
    const acts = NAMES.map((name) => ({
      ...actOf(name, ended),
      get deadline() {
        return performance.now() + (waits.length < 3 ? PATIENCE : LONG_OVER);
      },
    }));
    await runGroup(runner, acts);
    t.deepEqual(
      [...ended].flatMap(([name, end]) => (end === 'done' ? [] : [name])),
      ['N20'],
    );
    t.deepEqual(waits[0], NAMES, 'a name may be held for a moment only');
    for (const names of waits.slice(1)) t.deepEqual(names, ['N20']);
    t.is(done.flat().length, NAMES.length - 1);
  });
}

test('whoever waited for held names until long after its deadline does not wait for one more', async (t) => {
  const { runner, transactions } = runnerOf(
    (names) => (names.length > 60 ? failure('55P03') : undefined),
    NAMES.slice(10),
  );
  const ended = new Map<string, unknown>();
  const acts = NAMES.map((name, place) =>
    actOf(name, ended, performance.now() + (place < 10 ? PATIENCE : LONG_OVER)),
  );
  await runGroup(runner, acts);
  t.deepEqual(
    transactions.map(({ length }) => length),
    [64, 10],
  );
  t.deepEqual(
    NAMES.filter((name) => ended.get(name) !== 'done'),
    NAMES.slice(10),
  );
});

test('what passes by time divides no group whose deadline is long over; what does not, divides it still', async (t) => {
  for (const code of ['55P03', '57014', '53100', '40001']) {
    const { runner, transactions } = runnerOf(poison(code));
    t.deepEqual(await runNames(runner, performance.now() + LONG_OVER), NAMES, code);
    t.is(transactions.length, 1, code);
  }
  const { runner } = runnerOf(poison('22012'));
  t.deepEqual(await runNames(runner, performance.now() + LONG_OVER), ['N20'], 'control');
});

test('whoever has just passed its deadline behind a held name is tried once, alone', async (t) => {
  const { runner, transactions } = runnerOf(
    (names) => (names.length > 1 ? failure('55P03') : undefined),
    NAMES,
  );
  t.deepEqual(await runNames(runner, performance.now()), []);
  t.is(transactions.length, 1 + NAMES.length);
});

test('a database that cannot be reached divides nothing, and all acts end at their deadline', async (t) => {
  const { runner, transactions } = runnerOf(() => new LostConnection('gone'));
  const left = await runNames(runner, performance.now());
  t.is(left.length, NAMES.length);
  t.is(transactions.length, 1);
});

test('an act that an earlier run did is neither run again nor rejected', async (t) => {
  const { runner, transactions } = runnerOf(() => new LostConnection('lost'));
  const ended = new Map<string, unknown>();
  const settling: GroupRunner = {
    ...runner,
    settleDone: async (group) => {
      for (const act of group) if (nameOf(act) !== 'B') act.resolve('' as never);
      return group.filter((act) => nameOf(act) === 'B');
    },
  };
  const acts = [
    actOf('A', ended),
    {
      ...actOf('B', ended),
      get deadline() {
        return performance.now() + (transactions.length < 2 ? PATIENCE : LONG_OVER);
      },
    },
    actOf('late', ended, LONG_OVER),
  ];
  await runGroup(settling, acts);
  t.deepEqual(transactions, [['A', 'B', 'late'], ['B']]);
  t.deepEqual([ended.get('A'), ended.get('late')], ['done', 'done']);
  t.true(ended.get('B') instanceof AppError);
});
