/** Edits of a ledger's file: single bits, cells and rows, by an attacker who can write the file and knows SQL. */
import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { pick, type Tools } from '../proof.ts';

type Value = number | string | Buffer | null;
type Row = Readonly<Record<string, Value>>;

/** Tries until SQLite allows an edit: unique keys and strict types hold even with every guard off. */
const MOST_TRIES = 50;
const REFUSED = /^SQLITE_(CONSTRAINT|MISMATCH)/;

/** Edits a sound ledger's bytes into a file; returns a description that identifies the edit. */
export function editLedger(sound: Buffer, file: string, kind: Kind, tools: Tools): string {
  if (kind === 'bit') {
    const damaged = Buffer.from(sound);
    const at = pick(damaged.length, tools);
    const bit = pick(8, tools);
    damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at);
    writeFileSync(file, damaged);
    return `bit ${bit} of byte ${at} flipped`;
  }
  for (let tried = 0; tried < MOST_TRIES; tried++) {
    writeFileSync(file, sound);
    const what = inTables(file, kind, tools);
    if (what !== undefined && !readFileSync(file).equals(sound)) return what;
  }
  throw new Error(`no edit of the kind ${kind} was possible`);
}

export const KINDS = [
  'bit',
  'cell',
  'bit',
  'row removed',
  'bit',
  'cell',
  'row added',
  'bit',
  'cell',
  'cells swapped',
] as const;
export type Kind = (typeof KINDS)[number];

function inTables(file: string, kind: Exclude<Kind, 'bit'>, tools: Tools): string | undefined {
  const ledger = new Database(file);
  try {
    ledger.pragma('foreign_keys = OFF');
    ledger.pragma('ignore_check_constraints = ON');
    // One file, when it is closed.
    ledger.pragma('journal_mode = DELETE');
    const what = editOf(ledger, kind, tools);
    ledger.pragma('journal_mode = WAL');
    return what;
  } catch (error) {
    if (error instanceof Database.SqliteError && REFUSED.test(error.code)) return undefined;
    throw error;
  } finally {
    ledger.close();
  }
}

function editOf(ledger: Database.Database, kind: Exclude<Kind, 'bit'>, tools: Tools): string | undefined {
  const tables = ledger
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all();
  const table = tables[pick(tables.length, tools)] ?? '';
  const columns = ledger.pragma(`table_info(${table})`) as { name: string; type: string; pk: number }[];
  const rows = ledger.prepare<[], Row>(`SELECT * FROM ${table}`).all();
  const [row, other] = [rows[pick(rows.length, tools)], rows[pick(rows.length, tools)]];
  const column = columns[pick(columns.length, tools)];
  if (row === undefined || other === undefined || column === undefined) return undefined;
  const { name, type } = column;
  const primary = columns.filter(({ pk }) => pk > 0);
  const keys = (primary.length > 0 ? primary : columns).map((key) => key.name);
  const is = keys.map((key) => `${key} IS ?`).join(' AND ');
  const keyOf = (of: Row) => keys.map((key) => of[key] ?? null);
  const set = (of: Row, value: Value) =>
    ledger.prepare(`UPDATE ${table} SET ${name} = ? WHERE ${is}`).run(value, ...keyOf(of));
  const where = `${table} (${keyOf(row).map(inWords).join(', ')})`;
  const value = row[name] ?? null;
  if (kind === 'row removed') {
    ledger.prepare(`DELETE FROM ${table} WHERE ${is}`).run(...keyOf(row));
    return `${where} removed`;
  }
  if (kind === 'row added') {
    const changed = { ...row, [name]: changeOf(value, type, tools) };
    const key = keys[pick(keys.length, tools)] ?? '';
    const fresh = { ...changed, [key]: changeOf(row[key] ?? null, typeOf(row[key] ?? null), tools) };
    const names = columns.map((each) => each.name);
    ledger
      .prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`)
      .run(...names.map((each) => fresh[each] ?? null));
    return `a row added to ${table}: ${where} with another ${name} and ${key} ${inWords(fresh[key] ?? null)}`;
  }
  const swapped = other[name] ?? null;
  if (kind === 'cells swapped') {
    if (inWords(swapped) === inWords(value)) return undefined;
    set(row, swapped);
    set(other, value);
    return `${name} of ${where} swapped with that of (${keyOf(other).map(inWords).join(', ')})`;
  }
  const edited = tools.random() < 0.3 ? swapped : changeOf(value, type, tools);
  if (inWords(edited) === inWords(value)) return undefined;
  set(row, edited);
  return `${name} of ${where}: ${inWords(value)} became ${inWords(edited)}`;
}

/** Another value that looks like the present one. */
function changeOf(value: Value, type: string, tools: Tools): Value {
  if (type === 'INTEGER' || type === 'REAL') {
    const number = typeof value === 'number' ? value : 0;
    return choose<Value>([number + 1, number - 1, number + 86_400_000, 0, 1, null], tools);
  }
  if (type === 'TEXT') {
    const text = typeof value === 'string' ? value : 'active';
    const at = pick(text.length || 1, tools);
    const digit = String(pick(10, tools));
    return choose(
      [`${text.slice(0, at)}${digit}${text.slice(at + 1)}`, `${text} `, '', text.toUpperCase(), null],
      tools,
    );
  }
  const bytes = Buffer.from(Buffer.isBuffer(value) ? value : Buffer.alloc(16));
  const at = pick(bytes.length, tools);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << pick(8, tools)), at);
  return choose([bytes, Buffer.alloc(bytes.length), bytes.subarray(1)], tools);
}

function typeOf(value: Value): string {
  return typeof value === 'number' ? 'INTEGER' : typeof value === 'string' ? 'TEXT' : 'BLOB';
}

function choose<T>(list: readonly T[], tools: Tools): T {
  return list[pick(list.length, tools)] as T;
}

function inWords(value: Value): string {
  return Buffer.isBuffer(value) ? `x'${value.toString('hex')}'` : JSON.stringify(value);
}
