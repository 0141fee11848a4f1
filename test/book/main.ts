/**
 * `npm run test:book [-- PAGE...]`: does what README and the pages of docs/ say, word for word, in a fresh copy of the
 * project for each page: in a path with a space, on a port of its own, with NODE_ENV=production. A command that fails, or
 * prints something else than the page shows, is a fault.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../kit/free-port.ts';
import { firstDifference } from './output.ts';
import { type Block, blocksOf } from './page.ts';

const ROOT = join(import.meta.dirname, '../..');
const LONGEST_MILLISECONDS = 300_000;

/** Each of these is read from an empty folder; every other page after the first order of README. */
const FROM_NOTHING: ReadonlySet<string> = new Set(['README.md', 'CONTRIBUTING.md']);

const BEGIN = `
# The packages are a link: to install them would empty the folder that it leads to.
npm() { [ "$1" = ci ] || command npm "$@"; }
# Without a terminal it would print its progress.
curl() { command curl -sS "$@"; }
start() {
  command npm start >service.log 2>&1 & service=$!
  for _ in $(seq 300); do grep -q '^Mintmark listens' service.log && return; kill -0 $service || break; sleep 0.1; done
  cat service.log; return 1
}
stop() { if [ -n "\${service:-}" ]; then kill -TERM $service 2>/dev/null && wait $service || true; service=; fi; }
trap 'ended=$?; stop || true; exit $ended' EXIT
`;
const FIRST_ORDER = `start; npm run -s mintmark -- simulate paddle-classic example --order 573252 >/dev/null`;

interface Fault {
  readonly where: string;
  readonly text: string;
}

async function main(pages: readonly string[]): Promise<void> {
  const all = execFileSync('git', ['ls-files', 'README.md', 'CONTRIBUTING.md', 'docs'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const faults: Fault[] = [];
  let ran = 0;
  for (const page of pages.length > 0 ? pages : all.trim().split('\n')) {
    const blocks = blocksOf(readFileSync(join(ROOT, page), 'utf8'));
    if (blocks.length === 0) continue;
    const toRun = blocks.filter(({ skip }) => skip === undefined);
    const found = await runPage(page, toRun);
    faults.push(...found);
    ran += toRun.length;
    const left = blocks
      .filter(({ skip }) => skip !== undefined)
      .map(({ line, skip }) => `  not run, line ${line}: ${skip}`);
    process.stdout.write(
      `${[`${page}: ${toRun.length} blocks, ${found.length} faults`, ...left].join('\n')}\n`,
    );
  }
  for (const { where, text } of faults) process.stdout.write(`\n${where}\n${text}\n`);
  process.stdout.write(`${ran - faults.length} passed, ${faults.length} failed\n`);
  if (faults.length > 0) process.exitCode = 1;
}

async function runPage(page: string, blocks: readonly Block[]): Promise<Fault[]> {
  const folder = mkdtempSync(join(tmpdir(), 'a folder of mintmark-'));
  try {
    const shop = join(folder, 'shop');
    copyProject(shop);
    const port = await freePort();
    const script = join(folder, 'script');
    writeFileSync(script, scriptOf(page, blocks, folder).replaceAll('8787', String(port)));
    const { status, signal } = spawnSync('bash', ['-e', script], {
      cwd: shop,
      env: { ...process.env, PORT: String(port), NODE_ENV: 'production', LOG_LEVEL: 'info' },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: LONGEST_MILLISECONDS,
    });
    return faultsOf(page, blocks, folder, status ?? signal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyProject(target: string): void {
  for (const file of execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')) {
    if (!existsSync(join(ROOT, file)) || file === 'node_modules') continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(ROOT, file), join(target, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'));
}

function scriptOf(page: string, blocks: readonly Block[], folder: string): string {
  const steps = blocks.map((block, place) => {
    const out = join(folder, `out-${place}`);
    const values = block.values.map(([name, shell]) => `${name}=$(${shell})`).join('\n');
    const before = block.before.map((shell) => `${shell} >/dev/null`).join('\n');
    const begin = `echo ${place} >'${join(folder, 'reached')}'\n${before}\n${values}`;
    if (block.file !== undefined)
      return `${begin}\ncat >${block.file} <<'END OF FILE'\n${block.commands}\nEND OF FILE`;
    if (block.starts) return `${begin}\nstop; start; cp service.log '${out}'`;
    const commands = block.values.reduce(
      (text, [name]) => text.replaceAll(new RegExp(`(?<![\\w$-])${name}(?![\\w=])`, 'g'), `$${name}`),
      block.commands,
    );
    const run =
      block.status === 0
        ? `{\n${commands}\n} >'${out}' 2>&1`
        : `status=0; {\n${commands}\n} >'${out}' 2>&1 || status=$?; [ $status = ${block.status} ]`;
    return `${begin}\n${run}${block.restarts ? '\nstop; start' : ''}`;
  });
  const first = FROM_NOTHING.has(page) ? '' : FIRST_ORDER;
  return [BEGIN, first, ...steps, `echo done >'${join(folder, 'reached')}'`, ''].join('\n');
}

function faultsOf(page: string, blocks: readonly Block[], folder: string, status: unknown): Fault[] {
  const reached = join(folder, 'reached');
  const last = existsSync(reached) ? readFileSync(reached, 'utf8').trim() : 'nothing';
  const faults: Fault[] = [];
  for (const [place, { line, output, commands }] of blocks.entries()) {
    const file = join(folder, `out-${place}`);
    if (!existsSync(file)) continue;
    const printed = readFileSync(file, 'utf8');
    const difference = output === undefined ? undefined : firstDifference(output, printed);
    if (last === String(place)) {
      faults.push({
        where: `${page}:${line}: ends with ${status}`,
        text: `${commands}\n--- printed\n${printed}`,
      });
    } else if (difference !== undefined) {
      faults.push({
        where: `${page}:${line}: does not print: ${difference}`,
        text: `--- printed\n${printed}`,
      });
    }
  }
  if (last !== 'done' && faults.every(({ where }) => !where.includes('ends with'))) {
    faults.push({ where: `${page}: ends with ${status}`, text: `after block ${last}` });
  }
  return faults;
}

await main(process.argv.slice(2));
