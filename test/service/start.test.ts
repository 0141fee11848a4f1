import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { MachineProcess } from '../kit/machine.ts';
import { temporaryFolder } from '../kit/service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** `npm start` in a folder that has no `.env`, with another start script if need be. */
async function npmStart(t: ExecutionContext, start: string): Promise<{ npm: MachineProcess; url: string }> {
  const folder = temporaryFolder(t);
  for (const name of ['src', 'node_modules']) symlinkSync(join(ROOT, name), join(folder, name));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ ...PACKAGE, scripts: { start: `echo $$ > pid; ${start}` } }),
  );
  const env = { PATH: process.env['PATH'] ?? '', PORT: '0', PRODUCTS_DIR: join(ROOT, 'data/products') };
  const npm = new MachineProcess(
    spawn('npm', ['start'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  t.teardown(() => {
    npm.child.kill('SIGKILL');
    for (const file of ['pid', 'service-pid']) stop(join(folder, file));
  });
  return { npm, url: await npm.said(/^Mintmark listens on (http:\/\/\S+)$/m) };
}

function stop(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Whether the service is still there some time after npm has ended. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/live`)).ok;
  } catch {
    return false;
  }
}

test.serial(
  'fault 60: SIGTERM to npm start stops the service, which finishes open requests first',
  async (t) => {
    const { npm, url } = await npmStart(t, PACKAGE.scripts.start);
    t.true(await answers(url));
    npm.child.kill('SIGTERM');
    await npm.ended;
    t.false(await answers(url));
    t.regex(npm.out, /"msg":"stopped"/);
  },
);

test.serial(
  'the control: where a shell stays between npm and the service, the service is left running',
  async (t) => {
    const script = String(PACKAGE.scripts.start).replace(/^exec /, '');
    const { npm, url } = await npmStart(t, `sh -c 'echo $$ > service-pid; exec ${script}'; true`);
    npm.child.kill('SIGTERM');
    await new Promise((resolve) => npm.child.once('exit', resolve));
    t.true(await answers(url));
  },
);

/** The packages that a text imports. */
const packagesIn = (text: string) =>
  [...text.matchAll(/\b(?:from|import)\s*\(?\s*'((?:@[\w-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?'/g)].map(
    ([, name]) => name ?? '',
  );

test('every package that the service imports is a dependency, and so is Node.js', (t) => {
  const isThere = (name: string) => Object.hasOwn(PACKAGE.dependencies, name);
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.[jt]s$/.test(file),
  );
  const used = new Set(files.flatMap((file) => packagesIn(readFileSync(join(ROOT, 'src', file), 'utf8'))));
  t.true(used.has('koa') && used.has('@koa/router'));
  for (const name of [...used, 'node']) t.true(isThere(name), name);
  t.deepEqual(packagesIn("import fc from 'fast-check';").filter(isThere), [], 'the control');
});
