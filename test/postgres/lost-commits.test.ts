/**
 * The answer of a COMMIT is lost, and another instance takes the pen before this one can ask it what was done: each act of
 * the port is done exactly once, and has its result.
 */
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Ledger } from '../../src/domain/ledger.ts';
import { TABLES } from '../../src/storage/postgres/tables.ts';
import { announcing } from '../kit/announcing.ts';
import { issueOf, issueTo, keepTexts, messageOf } from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';
import { EVERY } from './cut-sales.ts';
import { startCutter } from './cutter.ts';
import { ACTS, namesOfPort, type PortAct, READS } from './port-acts.ts';
import { newSchema, openOn, run, serverUrl } from './server.ts';
import { forgetActs, forgetCommits } from './unlocked.ts';

/** Acts that need another sale than that of the run find it a millisecond later. */
function clock(): () => number {
  let now = SOLD_AT + 3_600_000;
  return () => now++;
}

interface End {
  readonly state: Readonly<Record<string, unknown>>;
  readonly result: string;
}

type Loss =
  | 'nothing is lost'
  | 'the answer is lost'
  | 'the answer is lost, and nobody answers for a moment'
  | 'the answer and the row are lost';

/** Those that ask what was done: of the pen, and of the acts' rows. The next one runs the act again. */
const ASKING = 2;

/** What an act leaves and resolves to. */
async function outcomeOf(t: ExecutionContext, act: PortAct, loss: Loss) {
  const url = await newSchema();
  const cutter = await startCutter(t, serverUrl());
  const given = { now: clock(), announce: announcing() };
  const ledger = await openOn(t, cutter.through(url), given, { patience: 20_000 });
  await keepTexts(ledger);
  const { held } = await issueTo(ledger, issueOf({ order: 'R1' }));
  const sold = { ledger, license: held.licenses[0].id };
  const before = await act.before?.(sold);
  await run('TRUNCATE done_act', url);
  if (loss === 'the answer and the row are lost') await forgetActs(url);
  let losses = 0;
  const lose = () => {
    if (loss === 'nothing is lost') return;
    cutter.loseNext(async () => {
      losses += 1;
      await takePens(url);
      if (loss === 'the answer is lost, and nobody answers for a moment') cutter.refuseNext(ASKING);
    });
  };
  if (!act.losesItself) lose();
  const result = await act.run(sold, before as never, lose);
  const state = await stateOf(url);
  const [noted] = await run('SELECT count(*)::int AS acts FROM done_act', url);
  await ledger.close();
  return { losses, state, result: masked(result), acts: Number(noted?.['acts']) };
}

/** As the groups of other instances leave them. */
function takePens(url: string): Promise<unknown> {
  return run('UPDATE pen SET last_group = gen_random_uuid()', url);
}

const TABLES_OF_PORT = [
  ...TABLES.map(({ name }) => name),
  ...['handout', 'handout_turn', 'published_list', 'instance', 'note'],
];

/** Larger numbers are times. */
const LARGEST = 1_000_000_000_000;

/** Of each table: its rows, and of each column how many have a value, the sum of its numbers, and its states. */
async function stateOf(url: string): Promise<Readonly<Record<string, unknown>>> {
  const columns = await run(
    `SELECT table_name AS "table", column_name AS name, data_type AS type FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name <> 'last_group' ORDER BY 1, 2`,
    url,
  );
  const counts = columns
    .filter(({ table }) => TABLES_OF_PORT.includes(String(table)))
    .flatMap(({ table, name, type }) => [
      `(SELECT count(${name}) FROM ${table}) AS "rows of ${table}.${name}"`,
      ...(type === 'bigint'
        ? [`(SELECT sum(${name}) FROM ${table} WHERE ${name} < ${LARGEST}) AS "${table}.${name}"`]
        : []),
      ...(['state', 'listed', 'outcome'].includes(String(name))
        ? [`(SELECT string_agg(${name}, ',' ORDER BY ${name}) FROM ${table}) AS "${table}.${name}"`]
        : []),
    ]);
  const [row] = await run(`SELECT ${counts.join()}`, url);
  return row ?? {};
}

/** What differs of two ends. */
function differences(one: End, other: End, hasResult: boolean): readonly string[] {
  const names = Object.keys(one.state).filter((name) => one.state[name] !== other.state[name]);
  const found = names.map((name) => `${name}: ${one.state[name]} in place of ${other.state[name]}`);
  const isSame = !hasResult || one.result === other.result;
  return isSame ? found : [...found, `result: ${one.result} in place of ${other.result}`];
}

/** Without what each run draws anew, ids and times, and without what VACUUM finds, which is told by who else reads. */
function masked(result: unknown): string {
  const text = JSON.stringify(result) ?? '';
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
    .replace(/\b\d{13}\b/g, 'time')
    .replace(/"clean":(true|false)/, '"clean":"as it is"');
}

function ask({ selfService }: Ledger, count: number): readonly Promise<void>[] {
  return Array.from({ length: count }, (_, place) =>
    selfService.ask({ order: `R${place}`, email: 'ada@example.com' }, SOLD_AT),
  );
}

async function questions(url: string): Promise<number> {
  const [row] = await run(
    "SELECT count(*)::int AS mails, (SELECT count(*)::int FROM inquiry) AS rows FROM outbox WHERE channel = 'inquiry'",
    url,
  );
  if (row?.['mails'] !== row?.['rows']) throw new Error('a question without its row');
  return Number(row?.['rows']);
}

test.serial('each act of the port is tried here: one that is new, or gone, is found', async (t) => {
  const names = namesOfPort(await openOn(t, await newSchema()));
  const tried = Object.keys(ACTS).filter((name) => !name.includes(' '));
  t.deepEqual([...tried, ...READS].sort(), names);
});

for (const [name, act] of Object.entries(ACTS)) {
  const { knownBy, twice = false } = act;
  test.serial(
    `${name} is done once where its COMMIT is not answered: it is known by ${knownBy}`,
    async (t) => {
      const [undisturbed, lost, unasked, control] = await Promise.all([
        outcomeOf(t, act, 'nothing is lost'),
        outcomeOf(t, act, 'the answer is lost'),
        knownBy === 'row'
          ? outcomeOf(t, act, 'the answer is lost, and nobody answers for a moment')
          : undefined,
        knownBy === 'row' ? outcomeOf(t, act, 'the answer and the row are lost') : undefined,
      ]);
      t.is(lost.losses, 1, 'an answer was lost');
      const hasResult = ['row', 'token', 'itself'].includes(knownBy);
      t.deepEqual(differences(lost, undisturbed, hasResult), []);
      t.is(undisturbed.acts > 0, knownBy === 'row', 'it writes a row if it needs one');
      if (control === undefined || unasked === undefined) return;
      t.deepEqual(differences(unasked, undisturbed, true), [], 'the row tells, also where it was not asked');
      t.is(control.losses, 1);
      const found = differences(control, undisturbed, true);
      t.is(found.length > 0, twice, `without the row: ${found.join()}`);
    },
  );
}

test.serial(
  'acts of one group are done once while a COMMIT is still under way, and are not run beside it',
  async (t) => {
    const url = await newSchema();
    const cutter = await startCutter(t, serverUrl(), ['sent']);
    const ledger = await openOn(t, cutter.through(url), {}, { patience: 20_000 });
    await run(
      `CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER late AFTER INSERT ON done_act DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.run = 0) EXECUTE FUNCTION late()`,
      url,
    );
    cutter.start();
    const asked = Promise.all(ask(ledger, 3));
    while (cutter.cuts.sent === 0) await wait(5);
    cutter.stop();
    await asked;
    t.is(cutter.cuts.sent, 1);
    t.is(await questions(url), 3);
  },
);

const CUT_ASKS = 40;

/** Questions whose COMMITs are cut before they arrive and after, while another instance takes each pen that is free. */
async function askedWhileCut(t: ExecutionContext, isTold: boolean) {
  const url = await newSchema();
  const cutter = await startCutter(t, serverUrl(), ['after', 'before'], EVERY);
  const ledger = await openOn(t, cutter.through(url), {}, { patience: 20_000 });
  const other = await openOn(t, url);
  if (!isTold) await forgetCommits(url);
  let isAsking = true;
  const beside = (async () => {
    while (isAsking) await other.keepMessage(messageOf(`${Math.random()} {{ code }}`));
  })();
  cutter.start();
  for (let count = 0; count < CUT_ASKS; count += 2) await Promise.all(ask(ledger, 2));
  cutter.stop();
  isAsking = false;
  await beside;
  return { cuts: cutter.cuts, questions: await questions(url) };
}

test.serial('questions are asked once each, whatever becomes of their COMMITs', async (t) => {
  const found = await askedWhileCut(t, true);
  t.true(found.cuts.before > 3 && found.cuts.after > 3, JSON.stringify(found.cuts));
  t.is(found.questions, CUT_ASKS);
});

test.serial('control: where nothing tells what became of a COMMIT, some are asked twice', async (t) => {
  t.true((await askedWhileCut(t, false)).questions > CUT_ASKS);
});

test.serial('what was done is forgotten after a day, and not before', async (t) => {
  const url = await newSchema();
  const ledger = await openOn(t, url);
  const age = (hours: number) => run(`UPDATE done_act SET at = at - ${hours} * 3600000`, url);
  await Promise.all(ask(ledger, 1));
  await age(25);
  await Promise.all(ask(ledger, 1));
  const acts = async () => (await run('SELECT FROM done_act', url)).length;
  t.is(await acts(), 2);
  await ledger.forgetEvents(0);
  t.is(await acts(), 1, 'the one of 25 hours ago');
  await age(23);
  await ledger.forgetEvents(0);
  t.is(await acts(), 1);
});
