/**
 * The mark: a sealed file beside the keys with the counts and the newest rows of the ledger. It is written after the
 * commits, so it may lag behind the ledger. A ledger behind its mark is an older copy, or has lost its newest rows.
 */
import { existsSync } from 'node:fs';
import { AppError } from '../../../errors.ts';
import { NUMBERED, TALLIED } from '../../record/pen.ts';
import type { Sealer } from '../../record/sealer.ts';
import { type Pen, readPens, type Witness } from '../pens.ts';
import type { Connection } from './connection.ts';
import { readIdentity } from './identity.ts';
import { type MarkContent, readMark, writeMark } from './mark-file.ts';

/** The shortest time between two writes of the mark. */
const PAUSE_MILLISECONDS = 1000;

const REMEDY =
  'Start with the newest ledger that you have. If it is lost for good, continue with this one: mintmark ledger accept-restored --reason "…"';

/** Called with the error when the mark could not be written. */
export type OnMarkFault = (error: unknown) => void;

/** The mark of an open ledger. */
export class Mark {
  readonly #file: string;
  #ledger: { readonly connection: Connection; readonly pen: Pen } | undefined;
  #known: MarkContent | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #onFault: OnMarkFault;
  #isFailing = false;

  constructor(file: string, onFault: OnMarkFault = () => {}) {
    this.#file = file;
    this.#onFault = onFault;
  }

  /** Throws AppError `bad_configuration` if the ledger is behind the mark. */
  attach(connection: Connection, pen: Pen): void {
    const mark = readMark(this.#file, pen.sealer);
    const fault = markFault(connection, mark);
    if (fault !== undefined) throw refusal(`By the mark ${this.#file}, ${fault}.`);
    this.#known = mark === 'damaged' ? undefined : mark;
    this.#ledger = { connection, pen };
    if (mark === undefined) this.follow();
  }

  /** Schedules a write after a commit. */
  follow(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#write(), PAUSE_MILLISECONDS);
    this.#timer.unref();
  }

  /** Writes the mark if it lags. To be called while the connection is open. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#write();
    await this.#writing;
    this.#ledger = undefined;
  }

  /** A mark that cannot be made or written only lags: no sale fails. The fault is reported once, until a write succeeds. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#ledger === undefined || !this.#ledger.connection.open) return;
    const { connection, pen } = this.#ledger;
    let mark: MarkContent;
    try {
      mark = markOf(connection, this.#known, pen.newestChange);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#known = mark;
    this.#writing = this.#writing
      .then(() => writeMark(this.#file, mark, pen.sealer))
      .then(
        () => {
          this.#isFailing = false;
        },
        (error: unknown) => this.#fail(error),
      );
  }

  #fail(error: unknown): void {
    if (!this.#isFailing) this.#onFault(error);
    this.#isFailing = true;
  }
}

/** Writes a mark that accepts the ledger as the newest, after a restore. */
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

/** Why a ledger contradicts a mark that was read before it; undefined if it does not, or there is no mark. */
export function markFault(
  connection: Connection,
  mark: MarkContent | 'damaged' | undefined,
): string | undefined {
  if (mark === 'damaged') return 'the mark itself was edited, or belongs to other keys';
  return mark === undefined ? undefined : lagOf(connection, mark);
}

/** Throws AppError `bad_configuration` if the ledger is missing and its mark exists. */
export function requireMarkedLedger(ledgerFile: string, markFile: string): void {
  if (existsSync(ledgerFile) || !existsSync(markFile)) return;
  throw new AppError(
    'bad_configuration',
    `The ledger ${ledgerFile} is missing, and the mark ${markFile} shows that it existed: restore it. To create a new ledger, start once with --new-ledger.`,
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
  const witnesses = [newest, change].flatMap((witness) =>
    witness === undefined ? [] : [{ ...witness, seal: witness.seal.toString('hex') }],
  );
  return {
    ledger: readIdentity(connection).ledger.toString('hex'),
    counts: countsOf(connection),
    witnesses: change === undefined ? [...witnesses, ...changes] : witnesses,
    accepted: before?.accepted ?? [],
  };
}

/** Why the ledger is behind the mark; undefined if it is not. */
function lagOf(connection: Connection, mark: MarkContent): string | undefined {
  if (readIdentity(connection).ledger.toString('hex') !== mark.ledger) {
    return 'this is another ledger than before';
  }
  const counts = countsOf(connection);
  const isBehind = Object.entries(mark.counts).some(([name, count]) => (counts[name] ?? 0) < count);
  if (isBehind) return 'the ledger is older than before, or has lost rows';
  type Place = Pick<Witness, 'license' | 'sequence'>;
  const license = connection
    .prepare<[Place], Buffer>('SELECT seal FROM license WHERE number = $license')
    .pluck();
  const change = connection
    .prepare<[Place], Buffer>('SELECT seal FROM history WHERE license = $license AND sequence = $sequence')
    .pluck();
  const isMissing = mark.witnesses.some((witness) => {
    const seal = (witness.sequence === 0 ? license : change).get(witness);
    return seal?.toString('hex') !== witness.seal;
  });
  return isMissing ? 'the ledger is a different copy, or has lost its newest rows' : undefined;
}
