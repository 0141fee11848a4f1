/** Checks the tables of the outbox. */
import type { Adder } from '../../record/check/check-pens.ts';
import { NumberCheck } from '../../record/check/check-pens.ts';
import { checkAnnouncement, checkTarget, checkTry } from '../../record/check/check-rows.ts';
import type { Finding } from '../../record/check/finding.ts';
import type { OutboxRow, TargetRow, TryRow } from '../../record/outbox-row.ts';
import type { SealedPen } from '../../record/pen.ts';
import type { Sealer } from '../../record/sealer.ts';
import type { Connection } from '../file/connection.ts';

interface Run {
  readonly connection: Connection;
  readonly sealer: Sealer;
  readonly pens: readonly SealedPen[];
  readonly adders: { readonly outbox: Adder };
}

/** One tally counts the rows of all three tables. */
export function* checkOutbox({ connection, sealer, pens, adders }: Run): Generator<Finding> {
  const numbers = new NumberCheck('announcement', pens);
  for (const row of connection.prepare<[], OutboxRow>('SELECT * FROM outbox ORDER BY number').iterate()) {
    adders.outbox.add(row.seal);
    yield* numbers.see(row.number);
    yield* checkAnnouncement(row, sealer);
  }
  yield* numbers.end();
  for (const row of connection.prepare<[], TryRow>('SELECT * FROM outbox_try').iterate()) {
    adders.outbox.add(row.seal);
    yield* checkTry(row, sealer);
  }
  for (const row of connection.prepare<[], TargetRow>('SELECT * FROM outbox_target').iterate()) {
    adders.outbox.add(row.seal);
    yield* checkTarget(row, sealer);
  }
}
