/** Checks the downloads: every row by its seal, and the sums of each file by its rows. */

import type { Finding } from '../../record/check/finding.ts';
import { type DownloadCountRow, type DownloadRow, sealDownload } from '../../record/download-row.ts';
import type { Sealer } from '../../record/sealer.ts';
import type { Connection } from '../file/connection.ts';

export function* checkDownloads(connection: Connection, sealer: Sealer): Generator<Finding> {
  const rows = connection.prepare<[], DownloadRow>('SELECT * FROM download');
  for (const row of rows.iterate()) {
    if (!row.seal?.equals(sealDownload(sealer, row)))
      yield { where: `download ${row.number}`, fault: 'was edited' };
  }
  const wrong = connection.prepare<[], Pick<DownloadCountRow, 'product' | 'version' | 'file'>>(`
    WITH counted AS (
      SELECT product, version, file, count(*) AS asked, sum(state <> 'begun') AS done
      FROM download GROUP BY product, version, file),
    kept AS (
      SELECT product, version, file, sum(asked) AS asked, sum(done) AS done
      FROM download_count GROUP BY product, version, file)
    SELECT product, version, file FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept)
    UNION
    SELECT product, version, file FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted)`);
  for (const { product, version, file } of wrong.iterate())
    yield {
      where: `downloads of ${product} ${version} ${file}`,
      fault: 'their sums are not those of their rows',
    };
}
