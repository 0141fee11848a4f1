/** The tables of a page about a marketplace's fields, and what differs between them and the readers. */

export interface Row {
  /** `object.path`, such as `order.customer.first`. */
  readonly field: string;
  readonly isRead: boolean;
}

/** The rows of all tables; an object's name is in the heading above its table. */
export function rowsOf(page: string): Row[] {
  let object = '';
  const rows: Row[] = [];
  for (const line of page.split('\n')) {
    const heading = /^## .*\(`(\w+)`\)/.exec(line);
    if (line.startsWith('## ')) object = heading?.[1] ?? '';
    const cells = line.split('|').map((cell) => cell.trim());
    const last = cells.at(-2) ?? '';
    if (!line.startsWith('| `') || object === '') continue;
    for (const [, name] of (cells[1] ?? '').matchAll(/`([^`]+)`/g)) {
      rows.push({ field: `${object}.${name}`, isRead: /^read\b/.test(last) });
      if (!/^(not )?read\b/.test(last)) throw new Error(`the row of ${name} says neither read nor not read`);
    }
  }
  return rows;
}

/** Fields that are read and have no row; one on the way to a field with a row needs none. */
export function withoutRow(read: ReadonlySet<string>, rows: readonly Row[]): string[] {
  const known = rows.filter(({ isRead }) => isRead).map(({ field }) => field);
  return [...read].filter(
    (path) =>
      !known.some((field) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[]`)),
  );
}

/** Rows that say `read`, of what no reader reads. */
export function withoutReader(read: ReadonlySet<string>, rows: readonly Row[]): string[] {
  return rows.filter(({ field, isRead }) => isRead && !read.has(field)).map(({ field }) => field);
}
