import { chmodSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import test from 'ava';
import { parseDotEnv } from '../../src/service/settings.ts';
import { Machine } from '../kit/machine.ts';

test('a value of spaces only is empty, and the next line is a separate setting', (t) => {
  const text = 'A= \nB=2\n# C=\t\nD=\t \n\nE="x = \ny"\n';
  t.deepEqual({ ...parseDotEnv(text) }, { A: '', B: '2', D: '', E: 'x = \ny' });
  t.is(parseEnv('A= \nB=2')['A'], 'B=2', 'the control: Node.js mends it itself by now');
});

test('fault 61: the start warns of a .env that others can read, and of unknown settings in it; closed, of nothing', async (t) => {
  const machine = new Machine(t);
  const file = machine.path('.env');
  writeFileSync(file, 'LEDGER_SERVICE_HOST=10.0.0.1\n', { mode: 0o644 });
  const { ran } = await machine.start();
  await ran.said(/(Try an order)/);
  t.regex(
    ran.out,
    /^Warning: \.env is open to others \(its mode is 0644\): close it with {2}chmod 600 \.env$/m,
  );
  t.regex(ran.out, /^Warning: LEDGER_SERVICE_HOST: there is no such setting/m);
  await ran.kill();
  chmodSync(file, 0o600);
  writeFileSync(file, '');
  const second = await machine.start();
  await second.ran.said(/(Try an order)/);
  t.notRegex(second.ran.out, /Warning/);
});
