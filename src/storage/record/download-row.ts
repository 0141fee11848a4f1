/** The tables `download` and `download_count`: which files were handed out by which links. No customer's address is in them. */
import { bytesIn, type Download, type DownloadState, type Range } from '../../domain/ports/download.ts';
import type { Sealer, Unsealed } from './sealer.ts';

export interface DownloadRow {
  readonly number: number;
  readonly license: Buffer;
  readonly product: string;
  readonly version: string;
  readonly file: string;
  readonly link: number;
  readonly size: number;
  readonly state: DownloadState;
  readonly asked_at: number;
  readonly last_at: number;
  /** JSON: the ranges that were handed out. */
  readonly covered: string;
  readonly seal: Buffer;
}

/** What the acts of one pen counted: the sum over all pens is what is true. */
export interface DownloadCountRow {
  readonly product: string;
  readonly version: string;
  readonly file: string;
  readonly pen: number;
  readonly asked: number;
  readonly done: number;
}

export const DOWNLOAD_COLUMNS: readonly (keyof DownloadRow)[] = [
  'number',
  'license',
  'product',
  'version',
  'file',
  'link',
  'size',
  'state',
  'asked_at',
  'last_at',
  'covered',
  'seal',
];

export function sealDownload(sealer: Sealer, row: Unsealed<DownloadRow>): Buffer {
  const { number, license, product, version, file, link, size, state } = row;
  const about = [number, license, product, version, file, link, size, state] as const;
  return sealer.seal('download', ...about, row.asked_at, row.last_at, row.covered);
}

export function rangesOf({ covered }: Pick<DownloadRow, 'covered'>): readonly Range[] {
  return JSON.parse(covered) as Range[];
}

export function downloadOf(row: DownloadRow): Download {
  const { number, license, product, version, file, link, size, state } = row;
  const times = { askedAt: row.asked_at, lastAt: row.last_at };
  return {
    number,
    license,
    product,
    version,
    file,
    link,
    size,
    state,
    ...times,
    bytes: bytesIn(rangesOf(row)),
  };
}
