/** Decides which of two codes a program stores. */
import type { License } from './license.ts';
import type { Verdict } from './verdict.ts';

/**
 * Returns the verdict with the higher revision of two verdicts on codes of one license (docs/license-code.md, "Reading").
 * Returns the first if the revisions are equal, if the second code is not genuine, or if the codes are of two licenses. A
 * verdict with a license wins over a verdict without one.
 */
export function newest<T extends Verdict>(a: T, b: T): T {
  const [first, second] = [licenseOf(a), licenseOf(b)];
  if (second === null) return a;
  if (first === null) return b;
  return isSameLicense(first, second) && second.revision > first.revision ? b : a;
}

function licenseOf(verdict: Verdict): License | null {
  return typeof verdict === 'object' && verdict !== null && 'license' in verdict ? verdict.license : null;
}

function isSameLicense(a: License, b: License): boolean {
  return a.id === b.id && a.product === b.product && a.test === b.test;
}
