/** What the page says after a decision, by a word in its address. */
const SAYINGS = {
  renew: 'Renewed: a newer code was minted.',
  extend: 'Extended: a newer code was minted.',
  suspend: 'Suspended.',
  reinstate: 'Reinstated.',
  reissue: 'Reissued: the old license is revoked, and the new code is below.',
  revoke: 'Revoked.',
  unchanged: 'Your decision is in the history; the license stayed as it was.',
  mailed: 'Noted: the newest codes were mailed.',
  resent: 'The codes are on their way to the customer.',
  links: 'No link to its pages works any more.',
  corrected: 'The customer was corrected.',
  settled: 'The flag is settled.',
  delivered: 'The owed licenses were issued.',
  ignored: 'The path is ignored from now on.',
  applied: 'The event was applied.',
  unmatched: 'The event was read, but is about nothing in the ledger.',
  again: 'It goes out now.',
  dropped: 'Dropped: it is never sent.',
  paused: 'Paused. What is to be sent waits.',
  resumed: 'It goes on.',
  saved: 'Saved.',
  ended: 'The session has ended.',
  key: 'The key is made. Start the service again: from then on it signs live orders. Back the keys up.',
  elsewhere: 'Noted: the keys are backed up.',
  seen: 'Noted.',
  tested: 'The relay took the mail. Look for it, also among the spam.',
  removed: 'The passkey was removed, and its sessions have ended.',
} as const;

export type Saying = keyof typeof SAYINGS;

export function sayingOf(word: string | undefined): string | undefined {
  return word !== undefined && Object.hasOwn(SAYINGS, word) ? SAYINGS[word as Saying] : undefined;
}

export function withSaying(path: string, saying: Saying): string {
  return `${path}?did=${saying}`;
}
