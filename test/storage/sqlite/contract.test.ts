import { join } from 'node:path';
import test from 'ava';
import { openReader } from '../../../src/storage/open-reader.ts';
import { folderFor, openLedger } from '../../kit/ledger-file.ts';
import { ID_SECRET } from '../../kit/minting.ts';
import { announcedContract } from '../contract/announced.ts';
import { arrivalContract } from '../contract/arrival.ts';
import { consoleAccessContract } from '../contract/console-access.ts';
import type { MakeDatabase } from '../contract/database.ts';
import { deskContract } from '../contract/desk.ts';
import { downloadsContract } from '../contract/downloads.ts';
import { eventContract } from '../contract/events.ts';
import { jobsContract } from '../contract/jobs.ts';
import { listContract } from '../contract/lists.ts';
import { orderContract } from '../contract/orders.ts';
import { outboxContract } from '../contract/outbox.ts';
import { peopleContract } from '../contract/people.ts';
import { readerContract } from '../contract/reader.ts';
import { renewalContract } from '../contract/renewals.ts';
import { selfServiceContract } from '../contract/self-service.ts';
import { withdrawalContract } from '../contract/withdrawals.ts';

const makeDatabase: MakeDatabase = (t, options) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  return () => openLedger(t, { file, ...options }).ledger;
};

orderContract(test, makeDatabase);
eventContract(test, makeDatabase);
listContract(test, makeDatabase);
peopleContract(test, makeDatabase);
renewalContract(test, makeDatabase);
deskContract(test, makeDatabase);
downloadsContract(test, makeDatabase);
arrivalContract(test, makeDatabase);
announcedContract(test, makeDatabase);
outboxContract(test, makeDatabase);
withdrawalContract(test, makeDatabase);
selfServiceContract(test, makeDatabase);
readerContract(test, async (t, options) => {
  const file = join(folderFor(t), 'ledger.sqlite');
  const { ledger } = openLedger(t, { file, ...options });
  const reader = openReader(file, ID_SECRET);
  t.teardown(() => reader.close());
  return { ledger, reader };
});
consoleAccessContract(test, makeDatabase);
jobsContract(test, makeDatabase);
