/** The numbers of a product's revocation list (license-code-v1, "Revocation list"), and when a new list is due. */

export interface ListNumbers {
  /** Sequence number: a reader refuses a list with a lower number than it holds. */
  readonly seq: number;
  /** `iat`, when the list was made, and `nxt`, when the next is due: seconds since 1970-01-01. */
  readonly iat: number;
  readonly nxt: number;
  /** The id of the signing key. */
  readonly keyId: number;
}

/** The content of a list to sign: equal numbers and content give equal bytes. */
export interface ListContent extends ListNumbers {
  /** Digests of license ids, sorted and joined. */
  readonly revoked: Uint8Array;
  readonly suspended: Uint8Array;
}

/**
 * A list is signed anew after this time, changed or not: a `nxt` long past shows an online program that newer
 * lists are withheld. A shorter time would cause needless downloads.
 */
const NEXT_SECONDS = 7 * 86_400;

/** A list dated this far ahead was made by a wrong clock. */
const WRONG_CLOCK_SECONDS = 86_400;

/**
 * The numbers of the list at a moment (milliseconds since 1970-01-01): the last ones while content, key and
 * time hold. A new `seq` follows the clock, so that it exceeds numbers published after the backup of a
 * restored ledger; if the clock was set back, it rises by one.
 */
export function numberList(
  last: ListNumbers | undefined,
  isSameContent: boolean,
  keyId: number,
  at: number,
): ListNumbers {
  const now = Math.floor(at / 1000);
  if (last !== undefined && isSameContent && last.keyId === keyId) {
    if (now < last.nxt && now > last.iat - WRONG_CLOCK_SECONDS) return last;
  }
  return { seq: Math.max((last?.seq ?? 0) + 1, now), iat: now, nxt: now + NEXT_SECONDS, keyId };
}
