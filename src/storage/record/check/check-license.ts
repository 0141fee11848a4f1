/** Holds a license and all rows of its own against what Mintmark would have written. */
import type { IdentifiedLicense, LicenseIdentity } from '../../../domain/license.ts';
import { laterDay } from '../../../domain/withdrawal.ts';
import { lastValidDay } from '../last-valid.ts';
import type { CodeRow, FulfillmentRow, HistoryRow, LicenseRow } from '../rows.ts';
import type { Sealer } from '../sealer.ts';
import { sealFulfillment, sealHistory, sealLicense } from '../seals.ts';
import { type Finding, licenseName } from './finding.ts';

export interface LicenseCheckParts {
  readonly sealer: Sealer;
  /** The id that a license of this identity must have. */
  readonly licenseIdOf: (identity: LicenseIdentity) => Uint8Array;
  /** What is wrong with a stored code as that of this license, revision and mode; undefined when nothing is. */
  readonly codeFault: (code: string, license: IdentifiedLicense, revision: number) => string | undefined;
}

/** A license with its later codes, answers and changes, each by revision or sequence. */
export interface WholeLicense {
  readonly row: LicenseRow;
  readonly codes: readonly CodeRow[];
  readonly answers: readonly FulfillmentRow[];
  readonly history: readonly HistoryRow[];
}

export function* checkLicense(license: WholeLicense, parts: LicenseCheckParts): Generator<Finding> {
  const { row, history } = license;
  const where = licenseName(row);
  if (Buffer.compare(row.id, parts.licenseIdOf(identityOf(row))) !== 0) {
    yield { where, fault: 'its id does not fit its marketplace, mode, order, line, product and unit' };
  }
  const origin = { ...row, state: history[0]?.from_state ?? row.state };
  if (!row.seal.equals(sealLicense(parts.sealer, origin))) {
    yield { where, fault: 'its time, cause, line, terms or first answer was edited' };
  }
  for (const fault of [
    ...historyFaults(license, parts.sealer),
    ...codeFaults(license, parts),
    ...answerFaults(license, parts.sealer),
  ]) {
    yield { where, fault };
  }
}

function identityOf(row: LicenseRow): IdentifiedLicense {
  const { id, marketplace, mode, line, product, unit, reissue } = row;
  return { id, marketplace, mode, order: row.order_id, line, product, unit, reissue };
}

function* historyFaults({ row, history }: WholeLicense, sealer: Sealer): Generator<string> {
  let before: Pick<HistoryRow, 'seal' | 'to_state' | 'revision'> | undefined;
  for (const [place, change] of history.entries()) {
    const sequence = place + 1;
    if (change.sequence !== sequence) {
      yield `change ${sequence} of its history is missing`;
      return;
    }
    if (!change.seal.equals(sealHistory(sealer, row.id, change, before?.seal ?? row.seal))) {
      yield `change ${sequence} of its history was edited`;
    }
    if (before !== undefined && change.from_state !== before.to_state) {
      yield `change ${sequence} of its history does not follow on the change before`;
    }
    before = change;
  }
  const revision = before?.revision ?? row.first_revision;
  if (row.revision !== revision || (before !== undefined && row.state !== before.to_state)) {
    yield 'its state or revision is not what its history ends with';
  }
}

/** Each revision that the history tells of has its code, and there are no others. */
function* codeFaults({ row, codes, history }: WholeLicense, parts: LicenseCheckParts): Generator<string> {
  const license = identityOf(row);
  const told = new Set(history.map(({ revision }) => revision).filter((each) => each !== row.first_revision));
  const all = [{ revision: row.first_revision, text: row.first_code }, ...codes];
  for (const { revision, text } of all) {
    const fault = parts.codeFault(text, license, revision);
    if (fault !== undefined) yield `the code of revision ${revision}: ${fault}`;
  }
  for (const { revision } of codes) {
    if (!told.delete(revision)) yield `the code of revision ${revision} is in no change of its history`;
  }
  for (const revision of told) yield `the code of revision ${revision} is missing`;
  const days = all.map(({ text }) => lastValidDay(text));
  if (row.last_valid !== (days.at(-1) ?? null) || row.reach !== days.reduce(laterDay, days[0] ?? null)) {
    yield 'its last valid day is not that of its codes';
  }
}

function* answerFaults({ row, codes, answers }: WholeLicense, sealer: Sealer): Generator<string> {
  const revisions = new Set([row.first_revision, ...codes.map(({ revision }) => revision)]);
  // The order's own answer is in the license's row, or the first of these; one that was never asked for has none.
  let sequence = row.quantity === null && answers[0]?.sequence === 1 ? 1 : 2;
  let handed = row.quantity === null ? -1 : row.first_revision;
  for (const answer of answers) {
    if (answer.sequence !== sequence) yield `the answer ${sequence} is missing`;
    sequence = answer.sequence + 1;
    if (!answer.seal.equals(sealFulfillment(sealer, row.id, answer))) {
      yield `the answer ${answer.sequence} was edited`;
    }
    if (!revisions.has(answer.revision)) yield `the answer ${answer.sequence} has a code that is not there`;
    handed = Math.max(handed, answer.revision);
  }
  if ((row.handed ?? -1) < handed) yield 'it was handed out, and is not marked so';
}
