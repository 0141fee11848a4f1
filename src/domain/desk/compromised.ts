/**
 * A signing key leaked: replaces every license whose newest code it signed. Each license is one act of the ledger, and what
 * is left to do is read from the ledger, so the work can be interrupted anywhere and begun again.
 */
import type { LicenseStory, NumberedCode } from '../ledger.ts';
import { reissueLicense } from './license.ts';
import type { Desk, Grounds } from './operator.ts';

/** Read at once; small, so that sales are served in between. */
const PAGE = 500;

/** Acts under way at once: they share durable transactions. */
const AT_ONCE = 16;

/** Licenses whose newest code the key signed. */
export interface Affected {
  /** Active, suspended, or good for ever after their end: they have to be replaced. */
  readonly open: number;
  /** Other ended ones, and revoked ones: they stay. */
  readonly closed: number;
}

export interface Work {
  /** The key that signed a code. */
  readonly keyIdOf: (code: string) => number;
  readonly key: number;
  /** Reads the codes; default: the desk's ledger. A service reads them apart from its sales. */
  readonly reads?: Pick<Desk['ledger'], 'codesAfter'>;
}

export interface Reissuing extends Work {
  readonly grounds: Grounds;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  /** Licenses a minute, which is the rate of the mails too. */
  readonly rate: number;
  /** Waits, in milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Called after each group with the number of licenses that were replaced so far. */
  readonly onProgress: (reissued: number) => void;
  /** Called with each successor. */
  readonly onReissued?: (license: LicenseStory) => void;
}

export async function countAffected({ ledger, rules }: Desk, work: Work): Promise<Affected> {
  let open = 0;
  let closed = 0;
  for await (const license of affectedCodes(work.reads ?? ledger, work)) {
    if (isOpen(license, rules)) open += 1;
    else closed += 1;
  }
  return { open, closed };
}

/** Resolves to the number of licenses that this call replaced. */
export async function reissueAffected(desk: Desk, work: Reissuing): Promise<number> {
  const begun = work.now();
  let reissued = 0;
  let group: NumberedCode[] = [];
  for await (const license of affectedCodes(work.reads ?? desk.ledger, work)) {
    if (!isOpen(license, desk.rules)) continue;
    group.push(license);
    if (group.length < AT_ONCE) continue;
    reissued += await replace(desk, group, work);
    group = [];
    work.onProgress(reissued);
    const ahead = begun + (reissued / work.rate) * 60_000 - work.now();
    if (ahead > 0) await work.pause(ahead);
  }
  reissued += await replace(desk, group, work);
  work.onProgress(reissued);
  return reissued;
}

async function replace(
  desk: Desk,
  licenses: readonly NumberedCode[],
  { grounds, now, onReissued }: Reissuing,
): Promise<number> {
  const all = await Promise.all(licenses.map(({ id }) => reissueLicense(desk, id, grounds, now())));
  const fresh = all.flatMap((one) => (one.outcome === 'reissued' ? [one.license] : []));
  if (onReissued !== undefined) fresh.forEach(onReissued);
  return fresh.length;
}

/** Licenses that are issued meanwhile come too. */
async function* affectedCodes(
  ledger: Pick<Desk['ledger'], 'codesAfter'>,
  { keyIdOf, key }: Work,
): AsyncGenerator<NumberedCode> {
  let last = 0;
  for (;;) {
    const page = await ledger.codesAfter(last, PAGE);
    if (page.length === 0) return;
    for (const license of page) if (keyIdOf(license.code) === key) yield license;
    last = page.at(-1)?.number ?? last;
  }
}

/** A code that `ended: fallback` made good for ever is one that its customer needs. */
function isOpen({ state, code }: NumberedCode, { minter }: Desk['rules']): boolean {
  if (state === 'ended') return minter.entitlementOf(code).lastValid === null;
  return state === 'active' || state === 'suspended';
}
