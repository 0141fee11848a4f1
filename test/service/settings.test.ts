import { chmodSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import test from 'ava';
import { findCutSecrets, parseDotEnv, utf8Of } from '../../src/service/settings.ts';
import { Machine } from '../kit/machine.ts';

test('a value of spaces only is empty, and the next line is a separate setting', (t) => {
  const text = 'A= \nB=2\n# C=\t\nD=\t \n\nE="x = \ny"\n';
  t.deepEqual({ ...parseDotEnv(text) }, { A: '', B: '2', D: '', E: 'x = \ny' });
  t.is(parseEnv('A= \nB=2')['A'], 'B=2', 'the control: Node.js mends it itself by now');
});

test('an editor of Windows changes no setting: line ends and a mark at the begin are none of it', (t) => {
  const text = '\ufeffPORT=1\r\nHOST="::1"\r\nLOG_LEVEL= \r\nOUTBOX=off\r\n';
  t.deepEqual({ ...parseDotEnv(text) }, { PORT: '1', HOST: '::1', LOG_LEVEL: '', OUTBOX: 'off' });
  t.is(utf8Of(Buffer.from('# Größe')), '# Größe');
  t.throws(() => utf8Of(Buffer.from('\ufeffPORT=1', 'utf16le')), { message: /save the file as UTF-8/ });
});

test('a secret that # would cut is a fault, which names it and not its value', (t) => {
  const cut = 'BACKUP_PASSPHRASE=planted#passphrase\nexport KEY_PASSPHRASE = planted# x\n';
  t.not(parseDotEnv(cut)['BACKUP_PASSPHRASE'], 'planted#passphrase', 'the control: Node.js cuts it');
  const found = findCutSecrets(cut, {});
  t.deepEqual(
    found.map((line) => line.split(':')[0]),
    ['BACKUP_PASSPHRASE', 'KEY_PASSPHRASE'],
  );
  t.notRegex(found.join('\n'), /planted/);
  t.deepEqual(findCutSecrets(cut, { BACKUP_PASSPHRASE: 'set', KEY_PASSPHRASE: 'set' }), [], 'overridden');
  const whole = "BACKUP_PASSPHRASE='a#b'\nKEY_PASSPHRASE=abc # why\n#LEDGER_URL=a#b\nPORT=1#x\nSMTP_URL=#x\n";
  t.deepEqual(findCutSecrets(whole, {}), []);
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
