/** The command line as a process of its own. */
import { constants, getPriority } from 'node:os';
import test from 'ava';
import { Machine } from '../kit/machine.ts';

const IMPORTS = ['test/kit/tell-priority.ts'];

test('a command runs at a lower priority than the service beside it, in each of its threads', async (t) => {
  const machine = new Machine(t);
  const command = machine.spawn('src/cli/mintmark.ts', ['--help'], { imports: IMPORTS });
  t.is(await command.ended, 0);
  const priority = Number(/^priority (-?\d+)$/m.exec(command.out)?.[1]);
  t.true(priority >= constants.priority.PRIORITY_BELOW_NORMAL, `priority ${priority}`);
  const service = await machine.start({ imports: IMPORTS });
  service.ran.child.kill('SIGTERM');
  await service.ran.ended;
  const own = Number(/^priority (-?\d+)$/m.exec(service.ran.out)?.[1]);
  t.is(own, getPriority(), 'the control: the service stays as it was started');
});

test('a command whose reader leaves, such as head, does its work and is no fault', async (t) => {
  const command = new Machine(t).spawn('src/cli/mintmark.ts', ['--help']);
  command.child.stdout?.destroy();
  t.is(await command.ended, 0);
  t.is(command.err, '');
});
