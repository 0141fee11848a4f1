/** npm run build:verify: the package `mintmark-verify` in dist/verify, ready for npm pack. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleGlobal } from './bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TARGET = join(ROOT, 'dist/verify');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** What the room imports; the version is the one that the project is tested with. */
const DEPENDENCIES = ['tweetnacl'];

rmSync(TARGET, { recursive: true, force: true });
execFileSync(process.execPath, [TSC, '-p', join(ROOT, 'verifiers/javascript/tsconfig.json')], {
  stdio: 'inherit',
});
writeFileSync(join(TARGET, 'mintmark-verify.global.js'), await bundleGlobal());
copyFileSync(join(ROOT, 'verifiers/javascript/README.md'), join(TARGET, 'README.md'));
writeFileSync(join(TARGET, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);

function manifest(): object {
  const root = readJson('package.json');
  const wanted = Object.entries(root['dependencies'] ?? {}).filter(([name]) => DEPENDENCIES.includes(name));
  const { name, ...own } = readJson('verifiers/javascript/package.json');
  return { name, version: root['version'], ...own, dependencies: Object.fromEntries(wanted) };
}

function readJson(path: string): Record<string, object> {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}
