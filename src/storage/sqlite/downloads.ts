/** Counts downloads on SQLite: a row a license, file and link; and the sums of each file. Writes need a transaction. */
import {
  bytesIn,
  covering,
  type Download,
  type DownloadCount,
  type DownloadState,
  type Downloads,
  goesOn,
  type Handed,
  latestToGoOn,
} from '../../domain/ports/download.ts';
import {
  DOWNLOAD_COLUMNS,
  type DownloadCountRow,
  type DownloadRow,
  downloadOf,
  rangesOf,
  sealDownload,
} from '../record/download-row.ts';
import { numbersOf } from '../record/pen.ts';
import type { Unsealed } from '../record/sealer.ts';
import type { Access } from './access.ts';
import { aggregate } from './aggregate.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareUpsert } from './insert.ts';
import type { Pen } from './pens.ts';

type OfFile = Pick<DownloadRow, 'product' | 'version' | 'file'>;

export class DownloadTable {
  readonly #pen: Pen;
  readonly #put;
  readonly #last;
  readonly #newest;
  readonly #done;
  readonly #ofLicense;
  readonly #raise;
  readonly #counts;

  constructor(connection: Connection, pen: Pen) {
    this.#pen = pen;
    this.#put = prepareUpsert<DownloadRow>(connection, 'download', DOWNLOAD_COLUMNS, ['number']);
    this.#last = connection
      .prepare<[ReturnType<typeof numbersOf>], number>(
        'SELECT coalesce(max(number), $from) FROM download WHERE number >= +$from AND number < +$to',
      )
      .pluck();
    this.#newest = connection.prepare<
      [OfFile & { readonly license: Uint8Array; readonly link: number; readonly until: number }],
      DownloadRow
    >(
      `SELECT * FROM download WHERE ${equal('license', 'product', 'version', 'file', 'link')} AND asked_at <= +$until ORDER BY asked_at DESC, number DESC LIMIT 1`,
    );
    this.#done = connection
      .prepare<[{ readonly license: Uint8Array; readonly since: number }], number>(
        `SELECT count(*) FROM download WHERE ${equal('license')} AND state <> 'begun' AND last_at > $since`,
      )
      .pluck();
    this.#ofLicense = connection.prepare<
      [{ readonly license: Uint8Array; readonly limit: number }],
      DownloadRow
    >(`SELECT * FROM download WHERE ${equal('license')} ORDER BY asked_at DESC, number DESC LIMIT $limit`);
    this.#raise = connection.prepare<[DownloadCountRow]>(`
      INSERT INTO download_count (product, version, file, pen, asked, done)
      VALUES ($product, $version, $file, $pen, $asked, $done)
      ON CONFLICT (product, version, file, pen) DO UPDATE SET asked = asked + excluded.asked, done = done + excluded.done`);
    this.#counts = connection.prepare<[], DownloadCount>(
      `SELECT product, version, file, sum(asked) AS asked, sum(done) AS done FROM download_count
      GROUP BY product, version, file`,
    );
  }

  note({ license, product, version, file, link, size, range, from, at }: Handed): void {
    const about = { license: Buffer.from(license), product, version, file, link };
    const found = this.#newest.get({ ...about, until: latestToGoOn(at) });
    const former = found && goesOn(downloadOf(found), from, at) ? found : undefined;
    const covered = range === undefined ? [] : covering(former ? rangesOf(former) : [], range);
    const isWhole = former?.state === 'whole' || bytesIn(covered) === size;
    const state: DownloadState = range === undefined ? 'handed' : isWhole ? 'whole' : 'begun';
    const { pen } = this.#pen.counter;
    const number = former?.number ?? aggregate(this.#last, numbersOf(pen)) + 1;
    const times = { asked_at: former?.asked_at ?? at, last_at: at };
    this.#write({ ...about, number, size, state, ...times, covered: JSON.stringify(covered) });
    const asked = former === undefined ? 1 : 0;
    const done = state !== 'begun' && former?.state !== state ? 1 : 0;
    if (asked + done > 0) this.#raise.run({ product, version, file, pen, asked, done });
  }

  countDone(license: Uint8Array, since: number): number {
    return aggregate(this.#done, { license, since });
  }

  ofLicense(license: Uint8Array, limit: number): readonly Download[] {
    return this.#ofLicense.all({ license, limit }).map(downloadOf);
  }

  counts(): readonly DownloadCount[] {
    return this.#counts.all();
  }

  #write(row: Unsealed<DownloadRow>): void {
    this.#put.run({ ...row, seal: sealDownload(this.#pen.sealer, row) });
  }
}

export function downloadsOn(table: DownloadTable, access: Access): Downloads {
  return {
    note: (handed) => access.write(() => table.note(handed)),
    countDone: (license, since) => access.read(() => table.countDone(license, since)),
    ofLicense: (license, limit) => access.read(() => table.ofLicense(license, limit)),
    counts: () => access.read(() => table.counts()),
  };
}
