import { readFileSync } from 'node:fs';
import test from 'ava';
import { seededNumbers } from '../../verifiers/random.ts';
import { Machine } from '../kit/machine.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';

/** The sender dies after its first sending, and before it notes it. */
function seedThatDies(): number {
  for (let seed = 1; ; seed++) {
    const chance = seededNumbers(seed)();
    if (chance >= 0.2 && chance < 0.35) return seed;
  }
}

test('killed between sending and noting: the same announcement comes again with the same id', async (t) => {
  const machine = new Machine(t);
  const files = [machine.path('ledger.sqlite'), machine.path('inbox')];
  const run = (now: number, orders: number, dies: string) =>
    machine.spawn('test/proof/outbox-killed/sender.ts', [
      ...files,
      String(now),
      String(seedThatDies()),
      String(orders),
      dies,
    ]).ended;
  t.is(await run(SOLD_AT, 1, 'dies'), 'SIGKILL');
  t.is(await run(SOLD_AT + 119_000, 0, 'lives'), 0);
  const lines = () => readFileSync(machine.path('inbox'), 'utf8').trimEnd().split('\n');
  t.is(lines().length, 1, 'the lease still runs');
  t.is(await run(SOLD_AT + 120_000, 0, 'lives'), 0);
  t.is(lines().length, 2);
  t.is(new Set(lines()).size, 1, 'id and body are the same');
  t.is(await run(SOLD_AT + 300_000, 0, 'lives'), 0);
  t.is(lines().length, 2, 'now it is noted');
});
