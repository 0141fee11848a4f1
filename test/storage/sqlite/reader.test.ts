/** The reads of the console in their worker. */
import { join } from 'node:path';
import test from 'ava';
import { openReader } from '../../../src/storage/open-reader.ts';
import { issueOf, keepTexts } from '../../kit/ledger-data.ts';
import { folderFor, openLedger } from '../../kit/ledger-file.ts';
import { ID_SECRET } from '../../kit/minting.ts';

test('a read sees what is committed, in the mode that is asked for', async (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  const { ledger } = openLedger(t, { file });
  await keepTexts(ledger);
  await ledger.issue(issueOf({ order: 'A-1', quantity: 2 }));
  await ledger.issue(issueOf({ order: 'A-2', mode: 'test' }));
  const reader = openReader(file, ID_SECRET);
  t.teardown(() => reader.close());
  const orders = await reader.listOrderPage({ mode: 'live', limit: 10, now: 0 });
  t.deepEqual(
    orders.map(({ order, licenses }) => [order, licenses.active]),
    [['A-1', 2]],
  );
  const figures = await reader.figures('live', '2100-01-01');
  t.is(
    figures.reduce((sum, { issued }) => sum + issued, 0),
    2,
  );
  t.deepEqual(await reader.findOrdersBeginning('test', 'A-', 5), ['A-2']);
  t.is((await reader.listLicensePage({ mode: 'live', limit: 1 })).length, 1);
});

test('a read that takes too long is refused, and the next one is answered by another worker', async (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  openLedger(t, { file });
  const impatient = openReader(file, ID_SECRET, { limit: 1, start: 0 });
  t.teardown(() => impatient.close());
  await t.throwsAsync(impatient.attention('live'), { code: 'slow_read', message: /took too long/ });
  const patient = openReader(file, ID_SECRET);
  t.teardown(() => patient.close());
  t.deepEqual(await patient.attention('live'), { failedEvents: 0, openFlags: 0, stuckAnnouncements: 0 });
});

test('the time in which the worker begins is not the read’s: only the first read has it, beside its own', async (t) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  openLedger(t, { file });
  const reader = openReader(file, ID_SECRET, { limit: 1, start: 60_000 });
  t.teardown(() => reader.close());
  t.like(await reader.attention('live'), { openFlags: 0 });
  const reads = Array.from({ length: 2000 }, () => reader.attention('live'));
  await t.throwsAsync(Promise.all(reads), { code: 'slow_read' });
});

test('a missing ledger rejects a read, and ends nothing', async (t) => {
  const reader = openReader(join(folderFor(t), 'none.sqlite'), ID_SECRET);
  t.teardown(() => reader.close());
  await t.throwsAsync(reader.attention('live'), { code: 'ledger_unavailable' });
});
