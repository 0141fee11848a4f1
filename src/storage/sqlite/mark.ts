/**
 * The mark: a sealed file beside the keys that knows how far the ledger has come. It is written behind the commits, so it
 * may lag and never leads. A ledger that is behind its mark is an older copy, or has lost its newest rows.
 */
import { existsSync } from 'node:fs';
import { AppError } from '../../errors.ts';
import { NUMBERED, TALLIED } from '../record/pen.ts';
import type { Sealer } from '../record/sealer.ts';
import type { Connection } from './connection.ts';
import { readIdentity } from './identity.ts';
import { type MarkContent, readMark, writeMark } from './mark-file.ts';
import { type Pen, readPens, type Witness } from './pens.ts';

/** The mark is written at most this often. */
const PAUSE_MILLISECONDS = 1000;

const REMEDY =
  'Start with the newest ledger that you have. Where it is lost for good, go on with this one: mintmark ledger accept-restored --reason "…"';

/** Hears why the mark could not be written. */
export type OnMarkFault = (error: unknown) => void;

/** Keeps the mark of a ledger that is open. */
export class Mark {
  readonly #file: string;
  #held: { readonly connection: Connection; readonly sealer: Sealer; readonly pen: Pen } | undefined;
  #known: MarkContent | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #onFault: OnMarkFault;
  #isFailing = false;

  constructor(file: string, onFault: OnMarkFault = () => {}) {
    this.#file = file;
    this.#onFault = onFault;
  }

  /** Throws AppError `bad_configuration` where the ledger is behind the mark. */
  hold(connection: Connection, sealer: Sealer, pen: Pen): void {
    const mark = readMark(this.#file, sealer);
    const fault = markFault(connection, mark);
    if (fault !== undefined) throw refusal(`By the mark ${this.#file}, ${fault}.`);
    this.#known = mark === 'damaged' ? undefined : mark;
    this.#held = { connection, sealer, pen };
    if (mark === undefined) this.follow();
  }

  /** Something was committed. */
  follow(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#write(), PAUSE_MILLISECONDS);
    this.#timer.unref();
  }

  /** Writes what is behind; to be called while the connection is open. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#write();
    await this.#writing;
    this.#held = undefined;
  }

  /** A mark that cannot be written only lags: no sale fails for it. It is told once, until it can be written again. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#held === undefined || !this.#held.connection.open) return;
    const { connection, sealer, pen } = this.#held;
    const mark = markOf(connection, this.#known, pen.newestChange);
    this.#known = mark;
    this.#writing = this.#writing
      .then(() => writeMark(this.#file, mark, sealer))
      .then(
        () => {
          this.#isFailing = false;
        },
        (error: unknown) => {
          if (!this.#isFailing) this.#onFault(error);
          this.#isFailing = true;
        },
      );
  }
}

/** Takes the ledger as it is for the newest, after a restore. */
export async function acceptRestored(
  connection: Connection,
  sealer: Sealer,
  { file, at, reason }: { readonly file: string; readonly at: number; readonly reason: string },
): Promise<void> {
  const before = readMark(file, sealer);
  const accepted = before === undefined || before === 'damaged' ? [] : before.accepted;
  const mark = markOf(connection, undefined, undefined);
  await writeMark(file, { ...mark, accepted: [...accepted, { at, reason }] }, sealer);
}

/** What is wrong with a ledger by a mark that was read before it; undefined where nothing is, or there is no mark. */
export function markFault(
  connection: Connection,
  mark: MarkContent | 'damaged' | undefined,
): string | undefined {
  if (mark === 'damaged') return 'the mark itself was edited, or is of other keys';
  return mark === undefined ? undefined : lagOf(connection, mark);
}

/** Throws AppError `bad_configuration` where a ledger is missing of which a mark is there. */
export function requireMarkedLedger(ledgerFile: string, markFile: string): void {
  if (existsSync(ledgerFile) || !existsSync(markFile)) return;
  throw new AppError(
    'bad_configuration',
    `The ledger ${ledgerFile} is missing, and the mark ${markFile} says that there was one: restore it. To begin a new one, start once with --new-ledger.`,
  );
}

function refusal(fault: string): AppError {
  return new AppError('bad_configuration', `${fault} ${REMEDY}`);
}

function countsOf(connection: Connection): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { counts: pen } of readPens(connection)) {
    for (const name of NUMBERED) counts[`${pen.pen} last ${name}`] = pen.numbers[name];
    for (const name of TALLIED) counts[`${pen.pen} rows of ${name}`] = pen.tallies[name].rows;
  }
  return counts;
}

function markOf(
  connection: Connection,
  before: MarkContent | undefined,
  change: Witness | undefined,
): MarkContent {
  const newest = connection
    .prepare<[], Witness>(
      'SELECT number AS license, 0 AS sequence, seal FROM license ORDER BY number DESC LIMIT 1',
    )
    .get();
  const changes = before?.witnesses.filter(({ sequence }) => sequence > 0) ?? [];
  const told = [newest, change].flatMap((witness) =>
    witness === undefined ? [] : [{ ...witness, seal: witness.seal.toString('hex') }],
  );
  return {
    ledger: readIdentity(connection).ledger.toString('hex'),
    counts: countsOf(connection),
    witnesses: change === undefined ? [...told, ...changes] : told,
    accepted: before?.accepted ?? [],
  };
}

/** Where the ledger is behind the mark; undefined where it is not. */
function lagOf(connection: Connection, mark: MarkContent): string | undefined {
  if (readIdentity(connection).ledger.toString('hex') !== mark.ledger) {
    return 'this is another ledger than the one before';
  }
  const counts = countsOf(connection);
  const isBehind = Object.entries(mark.counts).some(([name, count]) => (counts[name] ?? 0) < count);
  if (isBehind) return 'the ledger is older than the one before, or has lost rows';
  const license = connection.prepare<[number], Buffer>('SELECT seal FROM license WHERE number = ?').pluck();
  const change = connection
    .prepare<[number, number], Buffer>('SELECT seal FROM history WHERE license = ? AND sequence = ?')
    .pluck();
  const isMissing = mark.witnesses.some((witness) => {
    const seal =
      witness.sequence === 0 ? license.get(witness.license) : change.get(witness.license, witness.sequence);
    return seal?.toString('hex') !== witness.seal;
  });
  return isMissing ? 'the ledger is not the one before, or has lost its newest rows' : undefined;
}
