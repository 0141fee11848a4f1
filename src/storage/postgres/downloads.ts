/** Counts downloads on PostgreSQL. Several instances may send parts of the same download. */
import {
  BEGUN_ANEW_WITHIN,
  type DownloadCount,
  type Downloads,
  type Handed,
} from '../../domain/ports/download.ts';
import { type DownloadRow, downloadOf } from '../record/download-row.ts';
import { NUMBERS_A_PEN } from '../record/pen.ts';
import { loadBy } from './loads.ts';
import type { Load, Need } from './needs.ts';
import type { GroupCommit } from './session/group-commit.ts';
import type { ReadLane } from './session/read-lane.ts';
import { type SharedClock, timeOr } from './session/shared-clock.ts';

const ofLink = loadBy(
  'download',
  'license text, product text, version text, file text, link bigint, now bigint',
  `t.license = decode(k.license, 'hex') AND t.product = k.product AND t.version = k.version
    AND t.file = k.file AND t.link = k.link AND t.asked_at <= ${timeOr('k.now')} + ${BEGUN_ANEW_WITHIN}`,
  'ORDER BY t.asked_at DESC, t.number DESC LIMIT 1',
);

/** Whoever holds a pen numbers the next row after its last one. Which pen it is, is not known before the statement runs. */
const LAST_OF_PENS: Load = {
  table: 'download',
  text: `
    SELECT t.* FROM pen p, LATERAL (
      SELECT * FROM download t
      WHERE t.number >= p.pen * ${NUMBERS_A_PEN} AND t.number < (p.pen + 1) * ${NUMBERS_A_PEN}
      ORDER BY t.number DESC LIMIT 1) t
    WHERE $1::json IS NOT NULL`,
  item: null,
};

const hex = (id: Uint8Array) => Buffer.from(id).toString('hex');

/** The downloads of a license take turns, in all instances. */
function needOf({ license, product, version, file, link }: Handed, now: number | null): Need {
  const id = hex(license);
  return {
    locks: [`- - download:${id}`],
    loads: [ofLink({ license: id, product, version, file, link, now }), LAST_OF_PENS],
  };
}

/** The rows have the times of the shared clock: each part is compared with those that other instances sent. */
export function downloadsPort(commits: GroupCommit, reads: ReadLane, clock: SharedClock): Downloads {
  return {
    note: (handed) =>
      commits.run(needOf(handed, clock.toStatement(handed.at)), ({ downloads }) =>
        downloads.note({ ...handed, at: clock.shared(handed.at) }),
      ),
    async countDone(license, since) {
      const [row] = await reads.search(
        `SELECT count(*) AS done FROM download
        WHERE license = $1 AND state <> 'begun' AND last_at > $2`,
        [Buffer.from(license), clock.shared(since)],
      );
      return Number(row?.['done']);
    },
    async ofLicense(license, limit) {
      const rows = await reads.searchList(
        'SELECT * FROM download WHERE license = $1 ORDER BY asked_at DESC, number DESC LIMIT $2',
        [Buffer.from(license), limit],
      );
      return (rows as unknown as readonly DownloadRow[]).map(downloadOf);
    },
    async counts() {
      const rows = await reads.rows(
        `SELECT product, version, file, sum(asked)::bigint AS asked, sum(done)::bigint AS done
        FROM download_count GROUP BY product, version, file`,
      );
      return rows as unknown as readonly DownloadCount[];
    },
  };
}
