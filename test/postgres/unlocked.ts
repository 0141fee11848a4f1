/** For controls: takes away what keeps instances apart, and shows where they meet. */
import type pg from 'pg';
import { beginWrite } from '../../src/storage/postgres/session/session-settings.ts';
import { orderOf } from '../kit/ledger-data.ts';
import { connect } from './connect.ts';
import { run } from './server.ts';

/** The same answers without locks. */
export function unlockNames(url: string): Promise<unknown> {
  return run(
    `CREATE OR REPLACE FUNCTION hold(given text[], others text[], seed bigint) RETURNS text[] LANGUAGE plpgsql AS $$
    BEGIN RETURN known_names(given); END $$`,
    url,
  );
}

/** The names of a group are locked in the order in which its acts came. */
export function unsortNames(url: string): Promise<unknown> {
  return rewrite(url, 'hold', [
    ['SELECT DISTINCT n COLLATE "C" AS n FROM', 'SELECT n FROM'],
    [' ORDER BY 1) AS sorted', ') AS given_order'],
  ]);
}

/** Every group writes with the same pen, which it does not lock. */
export function lendPen(url: string): Promise<unknown> {
  return rewrite(url, 'begin_group', [['LIMIT 1 FOR UPDATE SKIP LOCKED', 'LIMIT 1']]);
}

/** Replaces texts in a function of the schema, each of which it has once. */
async function rewrite(
  url: string,
  name: string,
  changes: readonly (readonly [find: string, replace: string])[],
): Promise<unknown> {
  const [row] = await run(`SELECT pg_get_functiondef('${name}'::regproc) AS text`, url);
  let text = String(row?.['text']);
  for (const [find, replace] of changes) {
    const pieces = text.split(find);
    if (pieces.length !== 2) throw new Error(`${name} has ${pieces.length - 1} times: ${find}`);
    text = pieces.join(replace);
  }
  return run(text, url);
}

/** The rows by which acts are recognised are gone before anybody looks for them. */
export function forgetActs(url: string): Promise<unknown> {
  return run(
    `CREATE FUNCTION forget_acts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM done_act; RETURN NULL; END $$;
    CREATE TRIGGER forget AFTER INSERT ON done_act FOR EACH STATEMENT EXECUTE FUNCTION forget_acts()`,
    url,
  );
}

/** What became of a COMMIT whose answer was lost is never known: the pen forgets which group wrote last, too. */
export async function forgetCommits(url: string): Promise<void> {
  await run(
    `CREATE FUNCTION forget_group() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.last_group := gen_random_uuid(); RETURN NEW;
    END $$;
    CREATE TRIGGER forget BEFORE UPDATE ON pen FOR EACH ROW EXECUTE FUNCTION forget_group()`,
    url,
  );
  await forgetActs(url);
}

/** The locks stay, but who waited for one sees what was there before it waited. */
export function seeAsBefore(url: string): Promise<unknown> {
  return run('ALTER FUNCTION hold(text[], text[], bigint) STABLE', url);
}

/** Rows of a table are written late, so that whoever acts meanwhile has read what was before them. */
export function delayWrites(url: string, table: string, seconds: number): Promise<unknown> {
  return run(
    `CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(${seconds}); RETURN NEW; END $$;
    CREATE TRIGGER late BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION late()`,
    url,
  );
}

/** A transaction that locks the name of an order alone, and stands still: others find the name by what is tied to it. */
export async function holdAlone(url: string, order: string): Promise<pg.Client> {
  const client = await connect(url);
  await client.query('BEGIN');
  await client.query(
    `SELECT pg_advisory_xact_lock(hashtextextended($1, ('x' || encode(substr(ledger, 1, 8), 'hex'))::bit(64)::bigint))
    FROM identity`,
    [`${orderOf().marketplace} live order:${order}`],
  );
  return client;
}

/** A unit may have several licenses. */
export function dropUniqueness(url: string): Promise<unknown> {
  return run(
    `DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = 'license'::regclass AND contype = 'u' LOOP
        EXECUTE format('ALTER TABLE license DROP CONSTRAINT %I', name);
      END LOOP;
    END $$`,
    url,
  );
}

/**
 * A transaction of a lane, with its settings, that locks the name of an order, and others, and then stands still. `limit`: in
 * place of the lane's own limit for that.
 */
export async function standStill(
  url: string,
  order: string,
  limit?: string,
  others: readonly string[] = [],
): Promise<pg.Client> {
  const client = await connect(url);
  const [row] = (await client.query('SELECT ledger FROM identity')).rows as { readonly ledger: Buffer }[];
  const seed = row?.ledger.readBigInt64BE().toString();
  for (const { text } of beginWrite(false)) await client.query(text);
  if (limit !== undefined) await client.query(`SET LOCAL idle_in_transaction_session_timeout = '${limit}'`);
  await client.query('SELECT hold($1::text[], $2::text[], $3::bigint)', [
    [`${orderOf().marketplace} live order:${order}`],
    others,
    seed,
  ]);
  return client;
}
