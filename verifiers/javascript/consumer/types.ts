/** A program that must compile against the package's types under strict settings, whatever else is there. */
import {
  createReader,
  explain,
  type Fetch,
  findCodes,
  loadRevocations,
  newest,
  type PublicKeyEntry,
  type Refreshed,
  refresh,
  type Verdict,
} from 'mintmark-verify';

declare const keyring: readonly PublicKeyEntry[];
declare const send: Fetch;

const held = loadRevocations('', keyring, 'example', null);
const reader = createReader({ product: 'example', keyring, revocations: held, today: () => '2026-11-21' });
const verdict: Verdict = newest(reader.read(''), reader.read(undefined));
export const sentence: string = explain(verdict);
export const codes: string[] = findCodes('');

export function seatsOf(read: Verdict): number | null {
  if (read.verdict === 'expired') return read.lastValid.length;
  return 'license' in read ? read.license.seats : null;
}

export async function waitOf(code: string): Promise<number> {
  const answer: Refreshed = await refresh(code, 'https://example.com', send, reader);
  return answer.outcome === 'try-later' ? answer.seconds : 0;
}
