/** A license as it stands after changes that are not saved yet. */
import { type Changes, type Found, HANDED_BEFORE } from '../changes.ts';
import type { LicenseState } from '../values/license.ts';

export interface Standing {
  /** Negative: issued in the same changes. */
  readonly number: number;
  readonly id: Uint8Array;
  readonly order: string;
  readonly line: string;
  readonly product: string;
  readonly unit: number;
  readonly reissue: number;
  readonly subscription: string | null;
  /** undefined: issued in the same changes. */
  readonly stateBefore: LicenseState | undefined;
  readonly codeBefore: string | undefined;
  readonly state: LicenseState;
  readonly revision: number;
  readonly code: string;
  /** The highest revision that was handed out before the changes; null: none. */
  readonly handedBefore: number | null;
  /** A reply or a marketplace has the newest code, by the same changes. */
  readonly isHanded: boolean;
  /** When time alone was to change it, before the changes. */
  readonly dueBefore: number | null;
}

/** Throws if the license is neither loaded nor issued by the changes. */
export function standingOf(found: Found, changes: Changes, number: number): Standing {
  const before = number < 0 ? issuedIn(changes, number) : loadedIn(found, number);
  const own = changes.changes.filter((change) => change.number === number);
  const touch = changes.touches.find((each) => each.number === number);
  const last = own.at(-1);
  const revision = last?.revision ?? before.revision;
  const isAnswered = changes.answers.some((answer) => answer.number === number);
  return {
    ...before,
    subscription: touch?.subscription ?? before.subscription,
    state: last?.state ?? before.state,
    revision,
    code: own.findLast(({ code }) => code !== undefined)?.code ?? before.code,
    isHanded: before.isHanded || isAnswered || (touch?.handed ?? HANDED_BEFORE) >= revision,
  };
}

function issuedIn({ licenses }: Changes, number: number): Standing {
  const issued = licenses[-1 - number];
  if (issued === undefined) throw new TypeError(`license ${number} is not in the changes`);
  const { order, line, product, reissue, minted, state, subscription, answer } = issued;
  return {
    number,
    order,
    line,
    product,
    reissue,
    ...minted,
    subscription,
    state,
    stateBefore: undefined,
    codeBefore: undefined,
    handedBefore: null,
    dueBefore: null,
    isHanded: answer !== null,
  };
}

function loadedIn({ licenses }: Found, number: number): Standing {
  const license = licenses.find((each) => each.number === number);
  if (license === undefined) throw new TypeError(`license ${number} was not loaded`);
  const { id, order, line, product, unit, reissue, subscription, state, revision, code, handed, due } =
    license;
  return {
    number,
    id,
    order,
    line,
    product,
    unit,
    reissue,
    subscription,
    state,
    revision,
    code,
    stateBefore: state,
    codeBefore: code,
    handedBefore: handed,
    dueBefore: due,
    isHanded: false,
  };
}
