/**
 * The texts of the statements that write rows. Each is made once: groups send the same ones again and again, and to make
 * the text takes as long as to write the rows of an order into it.
 */
import type { LedgerTable } from './tables.ts';

/** A column as JSON begins with it: the first of a row, or a later one. */
export interface JsonColumn {
  readonly column: string;
  readonly first: string;
  readonly later: string;
}

/** How the rows of a table are written. $1: the rows as JSON. */
export class TableTexts {
  readonly insertion: string;
  readonly update: string;
  /** With the value of each emptied column as a further parameter. */
  readonly removal: string;
  readonly columns: readonly JsonColumn[];
  readonly key: readonly JsonColumn[];

  constructor(table: LedgerTable, columns: readonly string[]) {
    const { name, key, removed } = table;
    const others = columns.filter((column) => !key.includes(column));
    const rows = `json_populate_recordset(NULL::${name}, $1::json)`;
    const isSame = key.map((column) => `${name}.${column} = n.${column}`).join(' AND ') || 'TRUE';
    const emptied = removed === undefined ? [] : [removed, ...(removed.emptied ?? [])];
    this.columns = columns.map(jsonColumn);
    this.key = key.map(jsonColumn);
    this.insertion = `
    INSERT INTO ${name} (${columns.join()})
    SELECT ${columns.join()} FROM ${rows} ${conflict(table, others)}`;
    this.update = `${updateOf(name)}${others.map((column) => `${column} = n.${column}`).join()}
    FROM ${rows} n
    WHERE ${isSame}`;
    this.removal = `${updateOf(name)}${emptied.map(({ column }, place) => `${column} = $${place + 2}`).join()}
    FROM ${rows} n
    WHERE ${isSame}`;
  }
}

/** The columns of a table are one list, for as long as its texts are needed. */
const TEXTS = new WeakMap<readonly string[], Map<LedgerTable, TableTexts>>();

export function textsOf(table: LedgerTable, columns: readonly string[]): TableTexts {
  const known = TEXTS.get(columns)?.get(table);
  if (known !== undefined) return known;
  const texts = new TableTexts(table, columns);
  const tables = TEXTS.get(columns) ?? new Map<LedgerTable, TableTexts>();
  TEXTS.set(columns, tables.set(table, texts));
  return texts;
}

function jsonColumn(column: string): JsonColumn {
  return { column, first: `{"${column}":`, later: `,"${column}":` };
}

function conflict({ name, key, fresh }: LedgerTable, others: readonly string[]): string {
  switch (fresh) {
    case 'ignore':
      return 'ON CONFLICT DO NOTHING';
    case 'replace':
      return `ON CONFLICT (${key.join()}) DO UPDATE SET ${others.map((c) => `${c} = excluded.${c}`).join()}`;
    case 'add':
      return `ON CONFLICT (${key.join()}) DO UPDATE SET ${others.map((c) => `${c} = ${name}.${c} + excluded.${c}`).join()}`;
    default:
      return '';
  }
}

function updateOf(table: string): string {
  return `UPDATE ${table} SET `;
}

const UPDATE_PEN = updateOf('pen');

/** Notes the group in a pen of which nothing else changed. $1: the group, $2: the pen. */
export const NOTE_GROUP = `${UPDATE_PEN}last_group = $1::uuid WHERE pen = $2`;

const WITH_GROUP = new Map<string, string>();

/** The text of an update of pens, with the group in the parameter behind its others; undefined: it is none. */
export function withGroupText(text: string, values: number): string | undefined {
  const known = WITH_GROUP.get(text);
  if (known !== undefined) return known;
  if (!text.startsWith(UPDATE_PEN)) return undefined;
  const made = `${UPDATE_PEN}last_group = $${values + 1}::uuid, ${text.slice(UPDATE_PEN.length)}`;
  WITH_GROUP.set(text, made);
  return made;
}

interface Part {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The texts of statements that are several in one, found by the texts of their parts, one after the other. */
class Combination {
  readonly #next = new Map<string, Combination>();
  #text: string | undefined;

  of(parts: readonly Part[]): string {
    let place: Combination = this;
    for (const { text } of parts) place = place.#after(text);
    place.#text ??= combine(parts);
    return place.#text;
  }

  #after(text: string): Combination {
    const known = this.#next.get(text);
    if (known !== undefined) return known;
    const made = new Combination();
    this.#next.set(text, made);
    return made;
  }
}

const COMBINATIONS = new Combination();

/** Its parts are named w0, w1, …; it answers with one row: how many rows each of them wrote. */
export function combinedText(parts: readonly Part[]): string {
  return COMBINATIONS.of(parts);
}

function combine(parts: readonly Part[]): string {
  let before = 0;
  const written = parts.map(({ text, values }, place) => {
    const first = before;
    before += values.length;
    return `w${place} AS (${text.replace(/\$(\d+)/g, (_, number) => `$${first + Number(number)}`)} RETURNING 1)`;
  });
  const counts = parts.map((_, place) => `(SELECT count(*) FROM w${place}) AS w${place}`);
  return `WITH ${written.join()} SELECT ${counts.join()}`;
}
