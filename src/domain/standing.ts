/** A license as it stands after changes that are not saved yet. */
import type { Changes, Found } from './changes.ts';
import type { LicenseState } from './license.ts';

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
  const own = changes.changes.filter((change) => change.number === number);
  const last = own.at(-1);
  const newCode = own.findLast(({ code }) => code !== undefined)?.code;
  const isAnswered = changes.answers.some((answer) => answer.number === number);
  const touch = changes.touches.find((each) => each.number === number);
  if (number < 0) {
    const issued = changes.licenses[-1 - number];
    if (issued === undefined) throw new TypeError(`license ${number} is not in the changes`);
    const { order, line, product, reissue, minted, state, subscription, answer } = issued;
    const revision = last?.revision ?? minted.revision;
    return {
      number,
      id: minted.id,
      order,
      line,
      product,
      unit: minted.unit,
      reissue,
      subscription: touch?.subscription ?? subscription,
      stateBefore: undefined,
      codeBefore: undefined,
      state: last?.state ?? state,
      revision,
      code: newCode ?? minted.code,
      handedBefore: null,
      isHanded: answer !== null || isAnswered || (touch?.handed ?? -1) >= revision,
      dueBefore: null,
    };
  }
  const license = found.licenses.find((each) => each.number === number);
  if (license === undefined) throw new TypeError(`license ${number} was not loaded`);
  const { id, order, line, product, unit, reissue, subscription, state, revision, code, handed, due } =
    license;
  const newest = last?.revision ?? revision;
  return {
    number,
    id,
    order,
    line,
    product,
    unit,
    reissue,
    subscription: touch?.subscription ?? subscription,
    stateBefore: state,
    codeBefore: code,
    state: last?.state ?? state,
    revision: newest,
    code: newCode ?? code,
    handedBefore: handed,
    isHanded: isAnswered || (touch?.handed ?? -1) >= newest,
    dueBefore: due,
  };
}
