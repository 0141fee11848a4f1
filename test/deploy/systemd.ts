/** The units of deploy/systemd: no fault, and an exposure below 2 of 10. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, ROOT, run, runToHear } from './place.ts';

const UNITS = join(ROOT, 'deploy/systemd');

/** Tenths of the exposure that `systemd-analyze security` gives. */
const MOST_EXPOSED = 19;

export async function trySystemd(folder: string): Promise<void> {
  const place = { folder, nodeFolder: join(ROOT, 'node_modules/node/bin') };
  const units = readdirSync(UNITS)
    .filter((name) => !name.endsWith('.conf'))
    .map((name) => join(UNITS, name));
  assert.equal(runToHear(place, 'systemd-analyze', 'verify', '--man=no', ...units), '');
  verifyWithSecrets(place);
  for (const unit of units.filter((name) => name.endsWith('.service'))) {
    const words = ['security', '--offline=true', '--no-pager', `--threshold=${MOST_EXPOSED}`, unit];
    const table = run(place, 'systemd-analyze', ...words);
    process.stdout.write(`${table.trimEnd().split('\n').at(-1)}\n`);
  }
}

/** Each service as docs/deploy/systemd.md sets it up, with store.conf, and its control: an unknown setting is seen. */
function verifyWithSecrets(place: Place): void {
  for (const name of readdirSync(UNITS).filter((unit) => unit.endsWith('.service'))) {
    const own = join(place.folder, name);
    copyFileSync(join(UNITS, name), own);
    mkdirSync(`${own}.d`);
    const store = readFileSync(join(UNITS, 'store.conf'), 'utf8');
    for (const [text, expected] of [
      [store, /^$/],
      [store.replace('LoadCredential=', 'LoadCredentials='), /Unknown key/],
    ] as const) {
      writeFileSync(join(`${own}.d`, 'store.conf'), text);
      assert.match(runToHear(place, 'systemd-analyze', 'verify', '--man=no', own), expected, name);
    }
  }
}
