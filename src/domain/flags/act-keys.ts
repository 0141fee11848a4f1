/** The keys of flags that license requests raise when they are answered, or answered with an error. */

/** `fewer-units`: answered with fewer units than were asked for. The others: answered with an error. */
type Kind = 'revoked-but-paid' | 'too-many-units' | 'fewer-units';

const ACT = 'act:';

export function actKey(kind: Kind, order: string): string {
  return `${ACT}${kind}:${order}`;
}

/** `kind` absent: of any. */
export function isActKey(key: string, kind?: Kind): boolean {
  return key.startsWith(kind === undefined ? ACT : actKey(kind, ''));
}
