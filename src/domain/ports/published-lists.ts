/** Signed revocation lists that instances of the service show each other. */

export interface PublishedList {
  readonly seq: number;
  /** Seconds since 1970-01-01. */
  readonly nxt: number;
  /** The id of the signing key. */
  readonly keyId: number;
  readonly revoked: number;
  readonly suspended: number;
  /** The compact JWS in ASCII. */
  readonly body: Uint8Array;
}

export interface PublishedLists {
  keep(product: string, list: PublishedList): Promise<void>;
  /**
   * The last list if it was signed with a newer key than this one, within the time that a new key takes to reach all instances:
   * who lacks the key shows the list as it is, since signing it anew would turn it to and fro.
   */
  findNewer(product: string, keyId: number, at: number): Promise<PublishedList | undefined>;
}
