/** The units of deploy/systemd: no fault, and an exposure below 2 of 10. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './place.ts';

const UNITS = join(ROOT, 'deploy/systemd');

/** Tenths of the exposure that `systemd-analyze security` gives. */
const MOST_EXPOSED = 19;

export async function trySystemd(folder: string): Promise<void> {
  const place = { folder, nodeFolder: join(ROOT, 'node_modules/node/bin') };
  const units = readdirSync(UNITS)
    .filter((name) => !name.endsWith('.conf'))
    .map((name) => join(UNITS, name));
  assert.equal(run(place, 'systemd-analyze', 'verify', '--man=no', ...units), '');
  for (const unit of units.filter((name) => name.endsWith('.service'))) {
    const words = ['security', '--offline=true', '--no-pager', `--threshold=${MOST_EXPOSED}`, unit];
    const table = run(place, 'systemd-analyze', ...words);
    process.stdout.write(`${table.trimEnd().split('\n').at(-1)}\n`);
  }
}
