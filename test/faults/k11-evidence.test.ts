/** Kind 11: damage must stay visible. Damage the files, start, then check. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { idSecretFile, keyringFile } from '../../src/keyring/key-files.ts';
import { refunded } from './fastspring-says.ts';
import { copyLedger, edit, putLedger, removeLedger, tablesWith } from './ledger-files.ts';
import type { Player } from './player.ts';
import { buy, open } from './scenes.ts';

const SCRIPT = { product: 'script' };

/** The result of a start after the files were changed: the refusal, or the findings of a check. */
async function foundAfter(player: Player, damage: () => unknown): Promise<string> {
  try {
    await player.whileStopped(damage);
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
  const { status, out, err } = await player.cli('ledger', 'check');
  return status === 0 ? 'nothing amiss' : `found: ${out}${err}`;
}

test('fault 49: a refund deleted together with its tallies is found after a start', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  const copy = await copyLedger(player);
  await player.events(refunded('A', SCRIPT));
  t.deepEqual(await player.told('A'), ['script: revoked for good']);
  const found = await foundAfter(player, () => {
    putLedger(player, copy);
    for (const table of ['tally', 'pen']) {
      if (tablesWith(player, 'seal').includes(table)) edit(player, `DELETE FROM ${table}`);
    }
  });
  t.not(found, 'nothing amiss');
});

test('fault 49: deleted tallies are damage after a start', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  const found = await foundAfter(player, () => {
    for (const table of ['tally', 'pen']) {
      if (tablesWith(player, 'seal').includes(table)) edit(player, `DELETE FROM ${table}`);
    }
  });
  t.not(found, 'nothing amiss');
});

test('fault 49: an undamaged ledger starts without findings', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  t.is(await foundAfter(player, () => undefined), 'nothing amiss');
});

test('fault 49: an older copy of the ledger is found, and accepted once the seller confirms it', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  const copy = await copyLedger(player);
  await buy(player, 'script', 'B', SCRIPT);
  t.not(await foundAfter(player, () => putLedger(player, copy)), 'nothing amiss');
  const accepted = await player.cli('ledger', 'accept-restored', '--reason', 'disk failed');
  t.is(accepted.status, 0, accepted.err);
  t.is(await foundAfter(player, () => undefined), 'nothing amiss');
});

test('fault 49: the newest license, deleted with all its rows, is found', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  const copy = await copyLedger(player);
  await player.request('script', { reference: 'B' });
  t.not(await foundAfter(player, () => putLedger(player, copy)), 'nothing amiss');
});

test('fault 50: another id secret beside the ledger stops the start', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  const file = idSecretFile(player.home.config.keysDir);
  const found = await foundAfter(player, () => writeFileSync(file, randomBytes(32).toString('hex')));
  t.regex(found, /^refused: .*id.secret/is);
});

test('fault 50: an older keyring beside the ledger stops the start', async (t) => {
  const player = await open(t);
  const { keysDir } = player.home.config;
  const before = readFileSync(keyringFile(keysDir));
  t.is((await player.cli('keys', 'new', '--mode', 'live')).status, 0);
  await player.restart();
  await buy(player, 'script', 'A', SCRIPT);
  const found = await foundAfter(player, () => writeFileSync(keyringFile(keysDir), before));
  t.regex(found, /^refused: .*key/is);
});

test('fault 51: a missing ledger stops the start if the mark knows it', async (t) => {
  const player = await open(t);
  await buy(player, 'script', 'A', SCRIPT);
  const found = await foundAfter(player, () => removeLedger(player));
  t.regex(found, /^refused: .*ledger/is);
  t.regex(found, /--new-ledger/);
});

test('fault 51: the first start reports that it made a ledger', async (t) => {
  const player = await open(t);
  const logged = player.home.lines.map((line) => String(line['msg']));
  t.true([...logged, ...player.made].some((text) => /ledger/i.test(text)));
});

test('fault 52: an edited customer is found by license and order', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '573001' });
  const [license] = await player.licenses('573001');
  const [table = 'customer'] = tablesWith(player, 'email');
  const found = await foundAfter(player, () =>
    edit(player, `UPDATE ${table} SET email = 'mallory@example.com'`),
  );
  t.regex(found, /^found:/);
  t.true(found.includes('573001') && found.includes(license?.id ?? ''), found);
});

test('fault 52: a finding about a license names its id and its order', async (t) => {
  const player = await open(t);
  await player.paddle('script', { p_order_id: '573001' });
  const [license] = await player.licenses('573001');
  const [table = 'license'] = tablesWith(player, 'state');
  const found = await foundAfter(player, () => edit(player, `UPDATE ${table} SET state = 'revoked'`));
  t.true(found.includes('573001') && found.includes(license?.id ?? ''), found);
});
