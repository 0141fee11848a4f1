/** Signed revocation lists, on PostgreSQL. */
import type { PublishedList, PublishedLists } from '../../domain/ports/published-lists.ts';
import type { ReadLane } from './session/read-lane.ts';

/** A new key reaches all instances within this time. */
const ROLLOUT_MILLISECONDS = 86_400_000;

export function publishedLists(reads: ReadLane): PublishedLists {
  return {
    async keep(product, { seq, nxt, keyId, revoked, suspended, body }) {
      await reads.runShort(
        `INSERT INTO published_list (product, seq, nxt, key_id, revoked, suspended, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (product) DO UPDATE SET seq = excluded.seq, nxt = excluded.nxt, key_id = excluded.key_id,
          revoked = excluded.revoked, suspended = excluded.suspended, body = excluded.body
        WHERE published_list.seq < excluded.seq`,
        [product, seq, nxt, keyId, revoked, suspended, Buffer.from(body)],
      );
    },
    async findNewer(product, keyId, at) {
      const rows = await reads.search(
        `SELECT p.seq, p.nxt, p.key_id AS "keyId", p.revoked, p.suspended, p.body
        FROM revocation_list r JOIN published_list p ON p.product = r.product AND p.key_id = r.key_id
        WHERE r.product = $1 AND r.key_id > $2 AND r.iat > $3`,
        [product, keyId, Math.floor((at - ROLLOUT_MILLISECONDS) / 1000)],
      );
      const [list] = rows as unknown as readonly PublishedList[];
      return list;
    },
  };
}
