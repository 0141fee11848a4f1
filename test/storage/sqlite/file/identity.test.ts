/** A ledger is opened only with the id secret and a keyring that it was written with (50). */
import test from 'ava';
import { AppError } from '../../../../src/errors.ts';
import { openLedgerFile } from '../../../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../../../src/storage/sqlite/sqlite-ledger.ts';
import { issueOf } from '../../../kit/ledger-data.ts';
import { findingsOf, openWithMessage } from '../../../kit/ledger-file.ts';
import { ID_SECRET } from '../../../kit/minting.ts';

const OTHER = Buffer.alloc(32, 7);

function refusal(file: string, idSecret: Uint8Array, highestKeyId?: number): string {
  const connection = openLedgerFile(file, idSecret);
  try {
    new SqliteLedger(connection, { idSecret, ...(highestKeyId !== undefined && { highestKeyId }) });
    return 'opened';
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : String(error);
  } finally {
    connection.close();
  }
}

test('a ledger is opened only with its own id secret', async (t) => {
  const { ledger, file } = await openWithMessage(t);
  await ledger.issue(issueOf());
  t.regex(refusal(file, OTHER), /^bad_configuration: The id secret/);
  t.is(refusal(file, ID_SECRET), 'opened', 'the control');
});

test('a keyring without the newest key of the ledger is refused, and a newer key is stored', async (t) => {
  const { file, connection } = await openWithMessage(t);
  t.is(refusal(file, ID_SECRET, 3), 'opened');
  t.regex(refusal(file, ID_SECRET, 2), /^bad_configuration: The keyring ends with key 2, .* key 3/);
  t.is(refusal(file, ID_SECRET, 3), 'opened');
  t.is(refusal(file, ID_SECRET, 4), 'opened');
  t.regex(refusal(file, ID_SECRET, 3), /has seen key 4/);
  t.is(refusal(file, ID_SECRET), 'opened', 'read-only commands have no keyring');
  t.deepEqual(findingsOf(connection), []);
});

for (const [what, sql] of [
  ['is gone', 'DELETE FROM identity'],
  ['was edited', 'UPDATE identity SET key_id = key_id + 1'],
  ['is there twice', 'INSERT INTO identity SELECT * FROM identity'],
] as const) {
  test(`a ledger whose identity ${what} is damaged, and gets no new identity`, async (t) => {
    const { file, connection } = await openWithMessage(t);
    connection.exec(sql);
    t.regex(refusal(file, ID_SECRET), /^ledger_damaged/);
    t.true(findingsOf(connection).length > 0);
  });
}

for (const sql of ['DELETE FROM pen', 'UPDATE pen SET last_event = last_event + 1']) {
  test(`damaged counts stay damaged after later sales: ${sql}`, async (t) => {
    const { ledger, connection } = await openWithMessage(t);
    await ledger.issue(issueOf());
    connection.exec(sql);
    await ledger.issue(issueOf({ order: 'later' })).catch((error) => t.is(error.code, 'ledger_damaged'));
    t.true(findingsOf(connection).some(({ where }) => where === 'the counts of the ledger'));
  });
}
