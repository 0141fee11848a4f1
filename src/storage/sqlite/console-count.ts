/** The count of the console's rows, so that `ledger check` notices a deleted row. Writes need a transaction. */
import { type ConsoleCountRow, sealConsoleCount } from '../record/console-rows.ts';
import { addSeal, type Tally } from '../record/pen.ts';
import { NO_SEAL, type Sealer } from '../record/sealer.ts';
import type { Connection } from './file/connection.ts';

export class ConsoleCount {
  readonly #sealer: Sealer;
  readonly #select;
  readonly #update;

  constructor(connection: Connection, sealer: Sealer) {
    this.#sealer = sealer;
    this.#select = connection.prepare<[], ConsoleCountRow>('SELECT * FROM console_count');
    this.#update = connection.prepare<[ConsoleCountRow]>(
      'UPDATE console_count SET rows = $rows, sum = $sum, seal = $seal',
    );
  }

  read(): readonly ConsoleCountRow[] {
    return this.#select.all();
  }

  added(seal: Uint8Array): void {
    this.#change(1, [seal]);
  }

  removed(seal: Uint8Array): void {
    this.#change(-1, [seal]);
  }

  replaced(before: Uint8Array, after: Uint8Array): void {
    this.#change(0, [before, after]);
  }

  #change(rows: number, seals: readonly Uint8Array[]): void {
    const row = this.#select.get();
    if (row === undefined) return;
    const tally: Tally = { rows: row.rows + rows, sum: Buffer.from(row.sum) };
    for (const seal of seals) addSeal(tally.sum, seal);
    // An edited count gets no valid seal: `ledger check` must still report it.
    const isIntact = row.seal.equals(sealConsoleCount(this.#sealer, row));
    this.#update.run({ ...tally, seal: isIntact ? sealConsoleCount(this.#sealer, tally) : NO_SEAL });
  }
}
