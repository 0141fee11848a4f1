/** Compares the counted days with the licenses and their history. */
import { COUNTED, type DailyRow } from '../daily.ts';
import type { SealedPen } from '../pen.ts';
import type { Finding } from './finding.ts';

/** `writers`: the numbers of the pens in the counts; `pens`: those of the ledger. */
export function* checkDays(
  { kept, counted }: { readonly kept: readonly DailyRow[]; readonly counted: readonly DailyRow[] },
  writers: readonly number[],
  pens: readonly SealedPen[],
): Generator<Finding> {
  const known = new Set(pens.map(({ counts }) => counts.pen));
  for (const pen of writers.filter((writer) => !known.has(writer)))
    yield { where: 'the counts of days', fault: `some are of pen ${pen}, which the ledger does not have` };
  const nameOf = ({ day, mode, product }: DailyRow) => `${day}, ${mode}, ${product}`;
  const keptOf = new Map(kept.map((row) => [nameOf(row), row]));
  for (const row of counted) {
    const name = nameOf(row);
    const other = keptOf.get(name);
    keptOf.delete(name);
    const wrong = COUNTED.filter((each) => (other?.[each] ?? 0) !== row[each]);
    if (wrong.length > 0)
      yield { where: `the counts of ${name}`, fault: `differ from the licenses: ${wrong.join(', ')}` };
  }
  for (const [name, row] of keptOf) {
    if (COUNTED.some((each) => row[each] !== 0))
      yield { where: `the counts of ${name}`, fault: 'no license was sold or changed then' };
  }
}

/** `position`: up to which license of a pen new licenses are in the counts. `last`: the last license of the pen. */
export function* checkPosition(position: number | undefined, last: number): Generator<Finding> {
  if (position === undefined || position < 0 || position > last)
    yield { where: 'the counts of days', fault: 'it is not known up to which license they go' };
}
