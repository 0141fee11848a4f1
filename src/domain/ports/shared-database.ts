/** What a ledger offers where several instances of the service write to one database. */

export interface OtherInstances {
  /** Other instances that were seen within the last minutes. */
  readonly others: number;
  /** Those of them that have had other product files than this one for too long to be a rollout. */
  readonly differing: number;
}

/** Connections of one kind. */
export interface PoolLoad {
  readonly use: 'write' | 'read' | 'list';
  /** Open connections. */
  readonly connections: number;
  /** Those with a transaction under way. */
  readonly busy: number;
  /** Acts that wait for a connection. */
  readonly waiting: number;
}

export interface UsedConnections {
  readonly used: number;
  readonly most: number;
}

/**
 * Milliseconds by which an instance's clock may differ from the database's. Sales are dated by it, and signatures with a time
 * are good for five minutes.
 */
export const CLOCKS_AGREE_WITHIN = 60_000;

export interface SharedDatabase {
  /** Notes that this instance runs with these product files, and looks at the others. `products`: their digest, 64 hex digits. */
  noteInstance(id: string, products: string): Promise<OtherInstances>;
  /** By how many milliseconds this instance's clock is ahead of the database's; behind: below 0. */
  clockAhead(): Promise<number>;
  /** The connections of all programs, by the limit that is nearest: the server's, the database's or the role's. */
  connections(): Promise<UsedConnections>;
  load(): readonly PoolLoad[];
  /** What an instance wrote last under a name, for those without a disk that stays. */
  findNote(name: string): Promise<string | undefined>;
  writeNote(name: string, text: string): Promise<void>;
}
