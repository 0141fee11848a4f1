/** A program that must compile against the package's types under strict settings, whatever else is there. */
import {
  createReader,
  explain,
  type Fetch,
  findCodes,
  loadRevocations,
  newest,
  type PublicKeyEntry,
  type Reading,
  type Refreshed,
  type Repaired,
  refresh,
  type Seen,
  type Verdict,
} from 'mintmark-verify';

declare const keyring: readonly PublicKeyEntry[];
declare const send: Fetch;

const held = loadRevocations('', keyring, 'example', null);
const reader = createReader({ product: 'example', keyring, revocations: held, today: () => '2026-11-21' });
const verdict: Verdict = newest(reader.read(''), reader.read(undefined));
export const sentence: string = explain(verdict);
export const codes: string[] = findCodes('');

const reading: Reading = createReader({
  product: 'example',
  keyring,
  features: ['export'],
  latestDay: () => null,
}).read('');
export const unlocked: boolean = reading.has('export');
export const repaired: Repaired | undefined = 'license' in reading ? reading.repaired : undefined;
export const seen: Seen | null = reading.verdict === 'no-code' ? reading.seen : null;
export const chosen: string | undefined =
  reading.verdict === 'several' ? reading.choices[0]?.code : undefined;

export function seatsOf(read: Verdict): number | null {
  if (read.verdict === 'expired') return read.lastValid.length;
  return 'license' in read ? read.license.seats : null;
}

export async function waitOf(code: string): Promise<number> {
  const answer: Refreshed = await refresh(code, 'https://example.com', send, reader);
  return answer.outcome === 'try-later' ? answer.seconds : 0;
}
