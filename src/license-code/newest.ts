/** Which of two codes a program keeps. */
import type { License } from './license.ts';
import type { Verdict } from './verdict.ts';

/**
 * Of two verdicts on codes of one license, the one that counts: that of the higher revision (license-code-v1,
 * "Reading"). The first if they are equal, if the second is not genuine, and if they are two licenses: which of those
 * the program's user means is not in the codes. A verdict that carries a license goes before one that carries none.
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
