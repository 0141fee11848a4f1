/**
 * Writes the bill of materials, CycloneDX 1.6 in JSON, offline from package-lock.json: the run-time packages of the
 * service; with `--all`, also those of the build and the tests.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { argv, stderr, stdout } from 'node:process';
import { faultsOfBill, toLasting, withoutDev } from './bill.ts';
import { readLockfile } from './lockfile.ts';

const written = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--offline'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
const packages = readLockfile(readFileSync('package-lock.json', 'utf8'));
const whole = toLasting(JSON.parse(written), name);
const bill = argv.includes('--all') ? whole : withoutDev(whole, packages);
const faults = faultsOfBill(bill, packages);
if (faults.length > 0) {
  stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = 1;
} else {
  stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
}
