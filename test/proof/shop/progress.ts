/** The ranges of stories that were played, so that a stopped run resumes: one file per range, by seed and source. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

export class Progress {
  readonly #folder: string;

  /** Of one seed and the present sources. */
  constructor(seed: number) {
    this.#folder = join(tmpdir(), `mintmark-shop-${process.getuid?.() ?? 0}`, `${sourcesDigest()}-${seed}`);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** The result of a range; undefined where it was not played. */
  find(range: string): string | undefined {
    const file = join(this.#folder, range);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  note(range: string, outcome: string): void {
    writeFileSync(join(this.#folder, range), outcome);
  }
}

function sourcesDigest(): string {
  const hash = createHash('sha256');
  for (const folder of ['src', 'test/shop']) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
      hash.update(`${file}\0`).update(readFileSync(join(ROOT, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
