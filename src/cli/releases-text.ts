/** Releases as the commands print them. */
import type { DownloadCount } from '../domain/ports/download.ts';
import type { Release } from '../domain/values/release.ts';
import { byteText } from '../message/byte-text.ts';
import { printable } from './printable.ts';

/** A line a file, with how often it was asked for and sent whole. */
export function releaseLines(
  { product, version, day, files, withdrawn }: Release,
  counts: readonly DownloadCount[],
): string {
  const head = `${product} ${version}  ${day}${withdrawn === undefined ? '' : `  withdrawn: ${withdrawn.reason}`}`;
  const lines = files.map(({ name, platform, size }) => {
    const count = counts.find(
      (each) => each.product === product && each.version === version && each.file === name,
    );
    return `  ${name}  ${platform}  ${byteText(size)}  asked for ${count?.asked ?? 0}, sent whole ${count?.done ?? 0}`;
  });
  return [head, ...lines].map((line) => `${printable(line)}\n`).join('');
}
