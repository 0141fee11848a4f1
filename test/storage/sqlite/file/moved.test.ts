/** A ledger that was moved away while a service runs on it. */
import test from 'ava';
import { markMoved, unmarkMoved } from '../../../../src/storage/sqlite/file/moved.ts';
import { issueOf } from '../../../kit/ledger-data.ts';
import { openWithMessage } from '../../../kit/ledger-file.ts';

test('once it was moved, a running service sells nothing and is not ready; what was sold is answered', async (t) => {
  const { ledger, connection } = await openWithMessage(t);
  const sold = await ledger.issue(issueOf());
  await ledger.probe();
  markMoved(connection);
  const refused = { code: 'ledger_unavailable', message: /cannot be used now/ };
  const error = await t.throwsAsync(ledger.issue(issueOf({ order: 'another' })), refused);
  t.like(error, { detail: 'the ledger was moved: set LEDGER_URL to the new place' });
  await t.throwsAsync(ledger.probe(), refused);
  t.deepEqual(await ledger.find({ by: 'order', order: 'another' }), []);
  t.is((await ledger.issue(issueOf())).outcome, 'repeated');
  t.is(sold.outcome, 'issued');
  unmarkMoved(connection);
  await ledger.probe();
  t.is((await ledger.issue(issueOf({ order: 'another' }))).outcome, 'issued', 'an operator went back to it');
});
