/** Checks whether calls came with a wrong signature: a secret that differs at the marketplace is seen by them. */
import type { Ledger } from '../domain/ledger.ts';
import { REFUSED_WITHIN, type RefusedCalls } from '../domain/ports/refused-calls.ts';
import { counted } from '../domain/values/counted.ts';
import { type Finding, ok, warning } from './finding.ts';

const SIGNATURES = 'signatures';

/** `now` in milliseconds since 1970-01-01. */
export async function examineSignatures(
  ledger: Pick<Ledger, 'refusedCalls' | 'findEvents'>,
  now: number,
): Promise<readonly Finding[]> {
  const all = await ledger.refusedCalls.list();
  const recent = all.filter(({ lastAt }) => lastAt > now - REFUSED_WITHIN);
  if (recent.length === 0) return [ok(SIGNATURES, 'No call with a wrong signature came within a day.')];
  return Promise.all(recent.map((calls) => refusedCalls(ledger, calls)));
}

async function refusedCalls(
  ledger: Pick<Ledger, 'findEvents'>,
  { marketplace, what, calls, firstAt, lastAt }: RefusedCalls,
): Promise<Finding> {
  const check = `${SIGNATURES} of ${marketplace}`;
  const since =
    calls === 1 ? `at ${clock(firstAt)}` : `since ${clock(firstAt)}, the last at ${clock(lastAt)}`;
  const so = `${counted(calls, what)} came with another secret or without one, ${since}.`;
  if (what === 'event') {
    const [genuine] = await ledger.findEvents({ marketplace, limit: 1 });
    if (genuine !== undefined && genuine.receivedAt > lastAt)
      return ok(check, `${so} Genuine events came since, so it was a stranger, or a secret that is mended.`);
  }
  return warning(
    check,
    so,
    `If they are the marketplace's own, the secret there differs from yours: compare both. A stranger's calls look the same, and do no harm.`,
  );
}

/** `2026-11-27 11:02 UTC`. */
function clock(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
