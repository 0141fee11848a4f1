/**
 * `npm run test:deploy`: tries each way of running Mintmark that `deploy/` and docs/deploy describe. `-- NAME` for one
 * (repeatable). Needs the npm registry, since packages are installed as a seller would.
 */
import { rmSync } from 'node:fs';
import { tryContainer } from './container.ts';
import { tryLambda } from './lambda.ts';
import { tryPackage } from './package.ts';
import { temporaryFolder } from './place.ts';
import { tryFly, tryRender } from './platforms.ts';
import { tryPrometheus } from './prometheus.ts';
import { trySystemd } from './systemd.ts';
import { tryTraces } from './traces.ts';

const WAYS: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  package: tryPackage,
  systemd: trySystemd,
  container: tryContainer,
  fly: tryFly,
  render: tryRender,
  prometheus: tryPrometheus,
  lambda: tryLambda,
  traces: tryTraces,
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in WAYS));
if (unknown !== undefined) {
  process.stderr.write(`There is no ${unknown}: name one of ${Object.keys(WAYS).join(', ')}.\n`);
  process.exit(2);
}
for (const [name, run] of Object.entries(WAYS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const folder = temporaryFolder(name);
  const begin = performance.now();
  try {
    await run(folder);
    process.stdout.write(`${name}: passed in ${((performance.now() - begin) / 1000).toFixed(0)} s\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
