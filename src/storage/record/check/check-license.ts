/** Compares a license and its codes, answers and history with what Mintmark would have written. */
import { laterDay } from '../../../domain/life/withdrawal.ts';
import type { IdentifiedLicense, LicenseIdentity } from '../../../domain/values/license.ts';
import type { CodeRow } from '../code-row.ts';
import { type FulfillmentRow, sealFulfillment } from '../fulfillment-row.ts';
import { type HistoryRow, sealHistory } from '../history-row.ts';
import { lastValidDay } from '../last-valid.ts';
import { type LicenseRow, sealLicense } from '../license-row.ts';
import type { Sealer } from '../sealer.ts';
import { type Finding, licenseName } from './finding.ts';

/** What the id secret and the keyring say of a license. */
export interface LicenseKeys {
  readonly sealer: Sealer;
  /** The id that a license of this identity must have. */
  readonly licenseIdOf: (identity: LicenseIdentity) => Uint8Array;
  /** Why a stored code is not the code of this license, revision and mode; undefined if it is. */
  readonly codeFault: (code: string, license: IdentifiedLicense, revision: number) => string | undefined;
}

/** All rows of a license: codes by revision, answers and history by sequence. */
export interface LicenseRows {
  readonly license: LicenseRow;
  readonly codes: readonly CodeRow[];
  readonly answers: readonly FulfillmentRow[];
  readonly history: readonly HistoryRow[];
}

export function* checkLicense(rows: LicenseRows, keys: LicenseKeys): Generator<Finding> {
  const { license, history } = rows;
  const where = licenseName(license);
  if (Buffer.compare(license.id, keys.licenseIdOf(identityOf(license))) !== 0) {
    yield { where, fault: 'its id does not match its marketplace, mode, order, line, product and unit' };
  }
  const origin = { ...license, state: history[0]?.from_state ?? license.state };
  if (!license.seal.equals(sealLicense(keys.sealer, origin))) {
    yield { where, fault: 'its time, cause, line, terms or first answer was edited' };
  }
  for (const fault of [
    ...historyFaults(rows, keys.sealer),
    ...codeFaults(rows, keys),
    ...answerFaults(rows, keys.sealer),
  ]) {
    yield { where, fault };
  }
}

function identityOf(row: LicenseRow): IdentifiedLicense {
  const { id, marketplace, mode, line, product, unit, reissue } = row;
  return { id, marketplace, mode, order: row.order_id, line, product, unit, reissue };
}

function* historyFaults({ license, history }: LicenseRows, sealer: Sealer): Generator<string> {
  let before: Pick<HistoryRow, 'seal' | 'to_state' | 'revision'> | undefined;
  for (const [place, change] of history.entries()) {
    const sequence = place + 1;
    if (change.sequence !== sequence) {
      yield `change ${sequence} of its history is missing`;
      return;
    }
    if (!change.seal.equals(sealHistory(sealer, license.id, change, before?.seal ?? license.seal))) {
      yield `change ${sequence} of its history was edited`;
    }
    if (before !== undefined && change.from_state !== before.to_state) {
      yield `change ${sequence} of its history does not start from the state of the change before`;
    }
    before = change;
  }
  const revision = before?.revision ?? license.first_revision;
  if (license.revision !== revision || (before !== undefined && license.state !== before.to_state)) {
    yield 'its state or revision differs from the last change of its history';
  }
}

/** Each revision in the history has its code, and no other code exists. */
function* codeFaults({ license, codes, history }: LicenseRows, keys: LicenseKeys): Generator<string> {
  const identity = identityOf(license);
  const revisions = new Set(
    history.map(({ revision }) => revision).filter((each) => each !== license.first_revision),
  );
  const all = [{ revision: license.first_revision, text: license.first_code }, ...codes];
  for (const { revision, text } of all) {
    const fault = keys.codeFault(text, identity, revision);
    if (fault !== undefined) yield `the code of revision ${revision}: ${fault}`;
  }
  for (const { revision } of codes) {
    if (!revisions.delete(revision)) yield `the code of revision ${revision} is in no change of its history`;
  }
  for (const revision of revisions) yield `the code of revision ${revision} is missing`;
  const days = all.map(({ text }) => lastValidDay(text));
  if (
    license.last_valid !== (days.at(-1) ?? null) ||
    license.reach !== days.reduce(laterDay, days[0] ?? null)
  ) {
    yield 'its last valid day differs from the last valid day of its codes';
  }
}

/** Written with a reissue, for repeats of the request: nobody had got the code yet. */
function isAhead({ reissue, issued_at }: LicenseRow, { sequence, at }: FulfillmentRow): boolean {
  return reissue > 0 && sequence === 1 && at === issued_at;
}

function* answerFaults({ license, codes, answers }: LicenseRows, sealer: Sealer): Generator<string> {
  const revisions = new Set([license.first_revision, ...codes.map(({ revision }) => revision)]);
  // The answer to the order itself is in the license's row or has sequence 1; rebills begin at sequence 2.
  let sequence = license.quantity === null && answers[0]?.sequence === 1 ? 1 : 2;
  let handed = license.quantity === null ? -1 : license.first_revision;
  for (const answer of answers) {
    if (answer.sequence !== sequence) yield `the answer ${sequence} is missing`;
    sequence = answer.sequence + 1;
    if (!answer.seal.equals(sealFulfillment(sealer, license.id, answer))) {
      yield `the answer ${answer.sequence} was edited`;
    }
    if (!revisions.has(answer.revision)) yield `the code of the answer ${answer.sequence} is missing`;
    if (!isAhead(license, answer)) handed = Math.max(handed, answer.revision);
  }
  if ((license.handed ?? -1) < handed) yield 'its code was handed out, but the license says that it was not';
}
