/** The migration from schema 5 to 6, on a ledger of the first version. */
import { existsSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import type { HeldLicense, Ledger } from '../../../../src/domain/ledger.ts';
import { readIdSecret } from '../../../../src/keyring/id-secret.ts';
import { readKeyring } from '../../../../src/keyring/keyring.ts';
import { createLicenseIds } from '../../../../src/keyring/minter.ts';
import { createCodeCheck } from '../../../../src/keyring/stored-code.ts';
import { openParts } from '../../../../src/service/open.ts';
import { startService } from '../../../../src/service/service.ts';
import { checkLedger } from '../../../../src/storage/sqlite/check/check.ts';
import { openLedgerFile } from '../../../../src/storage/sqlite/file/open.ts';
import { cliOf } from '../../../kit/cli.ts';
import { type Fixture, type OldLicense, schema5 } from '../../../kit/old-ledgers.ts';
import { keptLog } from '../../../kit/service.ts';

const REISSUED_ORDER = '810009-410011';

function findings({ config }: Fixture): readonly string[] {
  const idSecret = readIdSecret(config.keysDir);
  const connection = openLedgerFile(config.ledgerFile, idSecret);
  try {
    const parts = {
      idSecret,
      licenseIdOf: createLicenseIds(idSecret),
      codeFault: createCodeCheck(readKeyring(config.keysDir)),
    };
    return [...checkLedger(connection, parts)].map(({ where, fault }) => `${where}: ${fault}`);
  } finally {
    connection.close();
  }
}

/** Edits the ledger before the migration. */
function edit({ config }: Fixture, sql: string): void {
  const connection = new Database(config.ledgerFile);
  connection.pragma('foreign_keys = OFF');
  connection.exec(sql);
  connection.close();
}

test('every license keeps its id, code, answer, state and history', async (t) => {
  const fixture = schema5(t);
  const { ledger } = await openParts(fixture.config, { modesNeeded: [] });
  t.teardown(() => ledger.close());
  for (const { key, held, stories } of fixture.orders) {
    const found = await ledger.find({ by: 'order', order: key.order });
    t.deepEqual(
      found.map(({ history, ...license }) => ({ ...comparable(license), history })),
      stories.map(({ history, ...license }) => ({ ...comparable(license), history })),
    );
    if (stories.some(({ id }) => id === idHex(fixture.requests.reissued))) continue;
    const now = await ledger.findOrder(key);
    t.deepEqual(now?.licenses.map(comparable), held?.licenses.map(comparable));
    t.deepEqual(plain(now?.customer), held?.customer);
  }
});

test('every repeated request gets the same bytes as before, unless its licenses were withdrawn since', async (t) => {
  const { config, requests, orders } = schema5(t);
  const service = await startService(config, { log: keptLog().log, now: () => requests.now });
  t.teardown(() => service.stop());
  const answers = { repeated: 0, withdrawn: 0 };
  for (const { path, form, reply } of requests.requests) {
    const order = orders.find(({ key }) => form.includes(key.order));
    // Left out: rebills, which have their own test; the reissued license, which is answered with its successor (54);
    // units that were delivered one by one, of which each repeat gets one.
    if (order === undefined || form.includes(REISSUED_ORDER) || path.endsWith('/single')) continue;
    const states = order.stories.map(({ state }) => state);
    const response = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    });
    const isWithdrawn = states.every((state) => state === 'revoked' || state === 'suspended');
    t.is(response.status, isWithdrawn ? 409 : 200, `${path} ${order.key.order}`);
    if (!isWithdrawn) t.is(await response.text(), reply);
    answers[isWithdrawn ? 'withdrawn' : 'repeated'] += 1;
  }
  t.deepEqual(answers, { repeated: 8, withdrawn: 2 });
});

test('a repeated request of a rebill gets the code of the first answer', async (t) => {
  const { config, requests } = schema5(t);
  const { ledger, catalog } = await openParts(config, { modesNeeded: [], now: () => requests.now });
  t.teardown(() => ledger.close());
  const product = catalog.get('plan')!;
  const rebills = requests.requests.filter(({ form }) => /sequence=[23]/.test(form));
  t.is(rebills.length, 2);
  for (const { form, reply } of rebills) {
    const order = new URLSearchParams(form).get('reference')!;
    const renewed = await ledger.renew({
      order: {
        marketplace: 'fastspring',
        mode: 'live',
        order,
        line: 'plan-monthly',
        product: 'plan',
        quantity: 1,
        soldAt: requests.now,
        customer: { name: undefined, email: undefined },
      },
      product,
      units: 'all',
      facts: [],
      at: requests.now,
      cause: 'fulfillment request',
      subscription: 'fsub-2',
    });
    t.is(renewed.outcome, 'repeated');
    t.is('held' in renewed && renewed.held.licenses[0].answer?.code, reply);
  }
});

test('a replay of the old events after the migration changes no license', async (t) => {
  const { config, orders, requests } = schema5(t);
  const withLedger = async <T>(act: (ledger: Ledger) => Promise<T>): Promise<T> => {
    const { ledger } = await openParts(config, { modesNeeded: [] });
    return act(ledger).finally(() => ledger.close());
  };
  const licenses = () =>
    withLedger(async (ledger) => {
      const found = await Promise.all(
        orders.map(({ key }) => ledger.find({ by: 'order', order: key.order })),
      );
      return found.flat().map(comparable);
    });
  const before = await licenses();
  const events = await withLedger((ledger) => ledger.findEvents({ limit: 1000 }));
  const cli = cliOf({ config, clock: { now: requests.now } });
  const statuses = [];
  for (const { id } of events.toReversed()) statuses.push((await cli(['events', 'replay', id])).status);
  t.is(statuses.filter((status) => status === 0).length, 14, 'all but the event that failed before');
  t.deepEqual(await licenses(), before);
});

test('the check finds nothing in a migrated ledger', (t) => {
  t.deepEqual(findings(schema5(t)), []);
});

const EDITS: readonly (readonly [string, string, RegExp])[] = [
  [
    'the first row of a history',
    'UPDATE history SET at = at + 1 WHERE sequence = 0 AND license = 6',
    /edited/,
  ],
  ['a later row of a history', "UPDATE history SET cause = 'x' WHERE sequence = 1 AND license = 6", /edited/],
  ['an answer', 'UPDATE fulfillment SET quantity = 2 WHERE license = 6', /edited/],
  ['a fact', "UPDATE fact SET at = at + 1 WHERE kind = 'refunded'", /edited/],
  ['an event', 'UPDATE event SET at = at + 1 WHERE number = 3', /the events: one was edited/],
  ['the tallies, deleted', 'DELETE FROM tally', /was lost/],
  ['a tally', "UPDATE tally SET rows = rows - 1 WHERE name = 'fact'", /was lost/],
  ['a fact, deleted', "DELETE FROM fact WHERE kind = 'refunded'", /the facts: \d+ found/],
  ['an event, deleted', 'DELETE FROM event WHERE number = 15', /the events: 14 found, and 15 were written/],
  [
    'a change, deleted',
    'DELETE FROM history WHERE license = 6 AND sequence = 2',
    /the changes of licenses: \d+ found/,
  ],
];

for (const [what, sql, expected] of EDITS) {
  test(`an edit before the migration is found after it: ${what}`, (t) => {
    const fixture = schema5(t);
    edit(fixture, sql);
    t.true(
      findings(fixture).some((finding) => expected.test(finding)),
      findings(fixture).join('\n'),
    );
  });
}

test('data that was erased before the migration is in no byte of the file after it', (t) => {
  const fixture = schema5(t);
  edit(fixture, 'PRAGMA secure_delete = OFF');
  const before = new Database(fixture.config.ledgerFile);
  before.pragma('secure_delete = OFF');
  before.exec(
    "UPDATE customer SET name = NULL, email = NULL WHERE name = 'Ines Varga'; UPDATE event SET payload = NULL",
  );
  before.close();
  holds(t, fixture, 'Ines Varga', true);
  findings(fixture);
  holds(t, fixture, 'Ines Varga', false);
});

function holds(t: ExecutionContext, { config }: Fixture, text: string, expected: boolean): void {
  const bytes = [config.ledgerFile, `${config.ledgerFile}-wal`].flatMap((file) =>
    existsSync(file) ? [readFileSync(file)] : [],
  );
  t.is(
    bytes.some((each) => each.includes(text)),
    expected,
  );
}

function comparable({ id, unit, state, revision, code, answer }: HeldLicense | OldLicense) {
  const hex = typeof id === 'string' ? id : Buffer.from(id).toString('hex');
  return { id: hex, unit, state, revision, code, answer: answer ? renamed(answer) : undefined };
}

/** The first version called `byUnit` of an answer `alone`. */
function renamed(answer: NonNullable<(HeldLicense | OldLicense)['answer']>): object {
  if (!('alone' in answer)) return answer;
  const { alone, ...rest } = answer;
  return { ...rest, byUnit: alone };
}

function idHex(id: string): string {
  return id.replaceAll('-', '');
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

test('old licenses are recorded as sold without terms, so that the start reports a product without a file', async (t) => {
  const { config } = schema5(t);
  const { ledger } = await openParts(config, { modesNeeded: [] });
  t.teardown(() => ledger.close());
  const counted = await ledger.countTerms();
  t.deepEqual(
    await ledger.soldTerms(),
    counted
      .map(({ product, digest }) => ({ product, digest }))
      .sort((a, b) => a.product.localeCompare(b.product)),
  );
  t.true(counted.length > 0);
});
