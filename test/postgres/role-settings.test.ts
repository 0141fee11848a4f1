/** What a role or a database sets for its connections changes nothing of the ledger, or is refused at the start. */
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { lockSchema } from '../../src/storage/postgres/schema/make-schema.ts';
import { Hosts, type Session } from '../../src/storage/postgres/session/connection.ts';
import {
  BEGIN,
  beginList,
  beginRead,
  beginWrite,
  COMMIT,
  keptToRead,
  keptToWrite,
  SCHEMA_SETTINGS,
} from '../../src/storage/postgres/session/session-settings.ts';
import { issueOf, keepTexts, orderOf } from '../kit/ledger-data.ts';
import { newSchema, openOn, serverUrl } from './server.ts';

/** Each means something else than the default. */
const OTHER = {
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  default_transaction_isolation: 'serializable',
} as const;

const NEEDED = {
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
};

/** A schema whose connections have other settings. */
async function otherSchema(settings: Readonly<Record<string, string>>): Promise<string> {
  const words = Object.entries(settings).map(([name, value]) => `-c ${name}=${value} `);
  const url = await newSchema();
  return url.replace('options=', `options=${encodeURIComponent(words.join(''))}`);
}

async function seen(session: Session, name: string): Promise<unknown> {
  const [row] = await session.rows(`SELECT current_setting('${name}') AS value`);
  return row?.['value'];
}

for (const [name, value] of Object.entries(OTHER)) {
  test.serial(`a ledger sells, lists and repeats where a role has ${name} = ${value}`, async (t) => {
    const url = await otherSchema({ [name]: value, statement_timeout: '2000', lock_timeout: '500' });
    const [one, two] = [await openOn(t, url), await openOn(t, url)];
    await keepTexts(one);
    const sold = await one.issue(issueOf());
    t.is(sold.outcome, 'issued');
    t.is((await two.issue(issueOf())).outcome, 'repeated');
    t.is((await two.findOrder(orderOf()))?.licenses.length, 1);
    await two.publishList('app', 1, Date.UTC(2026, 10, 20));
    t.is((await two.find({ by: 'order', order: orderOf().order })).length, 1);
    t.deepEqual(await two.consoleAccess.listSessions(), []);
  });
}

test.serial(
  'every transaction sets what its statements mean, on a connection of its own or not',
  async (t) => {
    const url = await otherSchema(OTHER);
    const session = await new Hosts(url).connect();
    t.teardown(() => session.close());
    const transactions = {
      write: beginWrite(false),
      read: beginRead(1000),
      list: beginList(1000),
      schema: [BEGIN, SCHEMA_SETTINGS],
    };
    for (const [name, value] of Object.entries(OTHER)) {
      t.is(await seen(session, name), value, 'control: the connection has it otherwise');
      for (const [kind, begin] of Object.entries(transactions)) {
        await session.all(begin);
        t.is(await seen(session, name), NEEDED[name as keyof typeof NEEDED], `${name}, ${kind}`);
        await session.all([COMMIT]);
      }
    }
    await session.all(beginWrite(false));
    t.is(await seen(session, 'transaction_isolation'), 'read committed');
    await session.all([COMMIT]);
    for (const settings of [keptToWrite, keptToRead(1000)]) {
      const kept = await new Hosts(url).connect();
      t.teardown(() => kept.close());
      await kept.keep(settings);
      for (const [name, value] of Object.entries(NEEDED)) t.is(await seen(kept, name), value);
      await kept.all(beginWrite(true));
      t.is(await seen(kept, 'transaction_isolation'), 'read committed');
      await kept.all([COMMIT]);
    }
  },
);

test.serial(
  'a start waits for another that makes its schema, whatever a role has for timeouts',
  async (t) => {
    const url = await otherSchema({ statement_timeout: '100', lock_timeout: '50' });
    const other = await new Hosts(serverUrl()).connect();
    t.teardown(() => other.close());
    await lockSchema(other);
    const opening = openOn(t, url);
    const first = await Promise.race([opening.then(() => 'opened'), wait(1000).then(() => 'waits')]);
    t.is(first, 'waits');
    await other.all([COMMIT]);
    await t.notThrowsAsync(opening);
  },
);
