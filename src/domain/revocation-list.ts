/** The numbers of a product's revocation list (license-code-v1, "Revocation list"), and when a new one is due. */

export interface ListNumbers {
  /** A reader refuses a list with a lower one than it holds. */
  readonly seq: number;
  /** Seconds since 1970-01-01, as is the next. */
  readonly iat: number;
  readonly nxt: number;
  /** Which signing key it is signed with. */
  readonly keyId: number;
}

/** A list as it is to be signed: the same numbers and content are the same bytes. */
export interface ListContent extends ListNumbers {
  /** Digests of license ids, sorted and joined. */
  readonly revoked: Uint8Array;
  readonly suspended: Uint8Array;
}

/**
 * A list is signed anew after so many seconds, changed or not: a program that is online sees by a `nxt` long past that
 * somebody keeps newer lists from it. Much less would be a download for nothing.
 */
const NEXT_SECONDS = 7 * 86_400;

/** A list that claims to come from this much ahead was made by a clock that was wrong. */
const WRONG_CLOCK_SECONDS = 86_400;

/**
 * The numbers of the list at a moment (milliseconds since 1970-01-01): those of the last one while its content, its key
 * and its time hold. `seq` rises with the clock, so that it also passes those that were given out after the backup from
 * which a ledger was restored; and by one where the clock was set back.
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
