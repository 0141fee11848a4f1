/** Asks the seller's server for the newest code of a license. The old code is the proof; there is no account. */
import { unarmor } from './armor.ts';
import { isDay } from './day.ts';
import { type Answer, type Fetch, postJson } from './post-json.ts';
import { type CodeForm, readForm } from './read-form.ts';
import type { Reader } from './reader.ts';
import { decodeRecord, OFFSET, readTwo } from './record.ts';

/** What `refresh` found out. `code` is always the code to store. `detail` is English, for a log, and repeats nothing of the code. */
export type Refreshed =
  /** There is a newer code. */
  | { readonly outcome: 'renewed'; readonly code: string }
  /** The code is the newest. */
  | { readonly outcome: 'current'; readonly code: string }
  /** The license was revoked. Without a revocation list the code still reads `valid`. */
  | { readonly outcome: 'revoked'; readonly code: string }
  /** The license is suspended, for example by an overdue payment; `since` is the UTC day, if the server names it. */
  | { readonly outcome: 'suspended'; readonly code: string; readonly since: string | null }
  /** The server does not know the license. */
  | { readonly outcome: 'unknown'; readonly code: string }
  /** The given text is not a genuine code. `code` is the given text. */
  | { readonly outcome: 'not-a-code'; readonly code: string; readonly verdict: string }
  /** Too many requests, or a server error: try again after so many seconds. */
  | { readonly outcome: 'try-later'; readonly code: string; readonly seconds: number }
  /** There was no answer. */
  | { readonly outcome: 'offline'; readonly code: string; readonly detail: string }
  /** The answer is not from a Mintmark service, or would replace the code by a worse one. */
  | { readonly outcome: 'bad-answer'; readonly code: string; readonly detail: string };

const TIMEOUT_MILLISECONDS = 10_000;
const ADDRESS = /^https?:\/\/[^?#]+$/i;
const TRAILING_SLASHES = /\/+$/;

const DEFAULT_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 86_400;

/**
 * Gets the newest code of a license from the service at `url` (its base address). Never throws or rejects, and answers within
 * 10 seconds. A code of another license, product or mode, or of a lower revision, is refused. With a `reader`, a code that is
 * not genuine is refused too, so that a server in the wrong hands cannot replace a good code.
 */
export async function refresh(
  code: unknown,
  url: string,
  fetch?: Fetch,
  reader?: Pick<Reader, 'read'>,
): Promise<Refreshed> {
  const held = heldCode(code, reader);
  if ('verdict' in held) {
    return { outcome: 'not-a-code', code: typeof code === 'string' ? code : '', verdict: held.verdict };
  }
  if (typeof url !== 'string' || !ADDRESS.test(url)) {
    return {
      outcome: 'offline',
      code: held.code,
      detail: 'the address of the service is no http(s) address',
    };
  }
  const endpoint = `${url.replace(TRAILING_SLASHES, '')}/v1/licenses/refresh`;
  const answer = await postJson(endpoint, { code: held.code }, TIMEOUT_MILLISECONDS, fetch);
  try {
    return judgeAnswer(answer, held, reader);
  } catch (error) {
    // Only the program's own functions can throw here, for example the `today` of its reader.
    return { outcome: 'bad-answer', code: held.code, detail: String(error) };
  }
}

/** Finds the code in a pasted text. A reader also repairs it and selects the license of its product. */
function heldCode(text: unknown, reader: Pick<Reader, 'read'> | undefined): ReturnType<typeof readForm> {
  const form = readForm(text);
  if (!('verdict' in form) || reader === undefined) return form;
  try {
    const read = reader.read(text);
    return 'code' in read ? { code: read.code, bytes: unarmor(read.code) } : read;
  } catch {
    return form;
  }
}

function judgeAnswer(answer: Answer, held: CodeForm, reader: Pick<Reader, 'read'> | undefined): Refreshed {
  const { code } = held;
  if ('missing' in answer) return { outcome: 'offline', code, detail: answer.missing };
  const { status } = answer;
  const body = parseObject(answer.body);
  // The status alone proves nothing: it may come from a hotel's captive portal or a mistyped address.
  switch (status === 200 ? 'ok' : body['code']) {
    case 'ok':
      return judgeNewCode(body['code'], held, reader);
    case 'license_revoked':
      return { outcome: 'revoked', code };
    case 'license_suspended':
      return { outcome: 'suspended', code, since: isDay(body['since']) ? body['since'] : null };
    case 'unknown_license':
      return { outcome: 'unknown', code };
    case 'not_a_valid_code':
      return { outcome: 'not-a-code', code, verdict: textOr(body['verdict'], 'forged') };
  }
  if (status === 429 || status >= 500) {
    return { outcome: 'try-later', code, seconds: secondsOf(answer.retryAfter) };
  }
  return { outcome: 'bad-answer', code, detail: `status ${status}, and not as this service answers` };
}

function judgeNewCode(given: unknown, held: CodeForm, reader: Pick<Reader, 'read'> | undefined): Refreshed {
  const refuse = (detail: string): Refreshed => ({ outcome: 'bad-answer', code: held.code, detail });
  const got = readForm(given);
  if ('verdict' in got) return refuse(`the answer holds no code: ${got.verdict}`);
  if (got.code === held.code) return { outcome: 'current', code: held.code };
  if (!isSameLicense(got.bytes, held.bytes)) return refuse('the new code is of another license');
  if (readTwo(got.bytes, OFFSET.revision) <= readTwo(held.bytes, OFFSET.revision)) {
    return refuse('the new code is not newer');
  }
  const verdict = reader?.read(got.code);
  if (verdict !== undefined && !('license' in verdict))
    return refuse(`the new code reads ${verdict.verdict}`);
  return { outcome: 'renewed', code: got.code };
}

/** Whether two codes have the same mode, product tag and license id. */
function isSameLicense(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = OFFSET.tag; i < OFFSET.revision; i++) if (a[i] !== b[i]) return false;
  return decodeRecord(a).test === decodeRecord(b).test;
}

function parseObject(body: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Retry-After is in seconds or a date (RFC 9110, 10.2.3). */
function secondsOf(retryAfter: string | null): number {
  const text = retryAfter ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return DEFAULT_WAIT_SECONDS;
  return Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_WAIT_SECONDS);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
