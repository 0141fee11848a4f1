/** npm run test:runtimes: builds and packs the package, and uses it in each engine that the npm registry gives. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import nacl from 'tweetnacl';
import { parseLicenseId } from '../../src/license-code/license-id.ts';
import { encodeRevocationList, revocationDigest } from '../../src/license-code/revocation-list.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONSUMER = join(ROOT, 'verifiers/javascript/consumer');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const LONGEST_RUN_MILLISECONDS = 300_000;

interface Engine {
  readonly name: string;
  /** The package of the registry that holds its binary, and where in it. */
  readonly install: string;
  readonly binary: string;
  readonly run: readonly string[];
  /** It only compiles the program; otherwise the program must have said that all is well. */
  readonly compiles?: true;
}

/** Files of the package that are not the room's. */
const BESIDES = new Set(['package.json', 'README.md', 'mintmark-verify.global.js']);

const ALL_WELL = 'as they must be';

/** The bare shell of Hermes runs every timer at once, and its promises need those without delay. React Native has others. */
const NO_LATE_TIMERS = `if (typeof console === 'undefined') {
  const atOnce = globalThis.setTimeout;
  globalThis.setTimeout = (run, wait) => (wait > 0 ? 0 : atOnce(run, 0));
}`;

/** Hermes 0.12 (2022) is the newest whose shell is on the registry; of the present one there is only the compiler. */
const ENGINES: readonly Engine[] = [
  { name: 'Node 18', install: 'node@18', binary: 'node/bin/node', run: ['program.mjs'] },
  { name: 'Deno', install: 'deno', binary: '.bin/deno', run: ['run', 'program.mjs'] },
  { name: 'Bun', install: 'bun', binary: '.bin/bun', run: ['run', 'program.mjs'] },
  {
    name: 'Hermes 0.12',
    install: 'hermes-engine-cli@0.12.0',
    binary: 'hermes-engine-cli/linux64-bin/hermes',
    run: ['-w', 'bundle.js'],
  },
  {
    name: 'Hermes today (compiled, not run)',
    install: 'hermes-compiler',
    binary: 'hermes-compiler/hermesc/linux64-bin/hermesc',
    run: ['-w', '-O', '-emit-binary', '-out', 'bundle.hbc', 'bundle.js'],
    compiles: true,
  },
];

/** What the compiler may know of the world around: the package must ask for none of it. */
const SURROUNDINGS: readonly { name: string; options: readonly string[]; file: string }[] = [
  { name: 'bare', options: ['--lib', 'es2020', '--types', ''], file: 'types.ts' },
  { name: 'DOM', options: ['--lib', 'es2020,dom,dom.iterable', '--types', ''], file: 'types-fetch.ts' },
  {
    name: 'Node',
    options: ['--lib', 'es2024', '--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node'],
    file: 'types-fetch.ts',
  },
];

const folder = mkdtempSync(join(tmpdir(), 'mintmark-runtimes-'));
const faults: string[] = [];
const missing: string[] = [];
try {
  await prepareProgram();
  for (const engine of ENGINES) tryEngine(engine);
  for (const surroundings of SURROUNDINGS) compileTypes(surroundings);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (missing.length > 0) console.log(`not run, as they could not be had: ${missing.join(', ')}`);
if (faults.length > 0) {
  console.error(`failed: ${faults.join(', ')}`);
  process.exitCode = 1;
}

async function prepareProgram(): Promise<void> {
  execFileSync(process.execPath, [join(ROOT, 'verifiers/javascript/build.ts')], { stdio: 'inherit' });
  npm(['pack', join(ROOT, 'dist/verify'), '--silent'], folder);
  checkContents();
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  npm(['install', `./mintmark-verify-${version}.tgz`], folder);
  for (const file of ['program.mjs', 'types.ts', 'types-fetch.ts']) {
    copyFileSync(join(CONSUMER, file), join(folder, file));
  }
  const vectors = JSON.parse(readFileSync(join(ROOT, 'verifiers/vectors/license-code-v1.json'), 'utf8'));
  const content = `export const vectors = ${JSON.stringify(vectors)};\nexport const list = '${listOf(vectors)}';\n`;
  writeFileSync(join(folder, 'vectors.mjs'), content);
  const target = { bundle: true, format: 'iife', target: 'es2020', charset: 'ascii' } as const;
  const [entry, out] = [join(folder, 'program.mjs'), join(folder, 'bundle.js')];
  await build({
    ...target,
    banner: { js: NO_LATE_TIMERS },
    entryPoints: [entry],
    outfile: out,
    platform: 'browser',
    logLevel: 'error',
  });
}

/** The room, compiled, and what a package needs: nothing of the server, no source, no test. */
function checkContents(): void {
  const room = new Set(readdirSync(join(ROOT, 'src/license-code')).map((file) => file.replace(/\.ts$/, '')));
  const strangers = readdirSync(join(ROOT, 'dist/verify')).filter(
    (file) => !BESIDES.has(file) && !room.has(file.replace(/\.(js|d\.ts)$/, '')),
  );
  if (strangers.length > 0) faults.push(`the package holds ${strangers.join(', ')}`);
}

/** A list that withdraws the first license of the vectors, signed by the key of its code. */
function listOf({ keyring, mint }: { keyring: VectorKey[]; mint: VectorMint[] }): string {
  const license = mint[0]?.license;
  const key = keyring.find(({ id }) => id === license?.keyId);
  if (license === undefined || key === undefined) throw new Error('the vectors hold no code to withdraw');
  const { secretKey } = nacl.sign.keyPair.fromSeed(Buffer.from(key.seed, 'hex'));
  const revoked = revocationDigest(parseLicenseId(license.licenseId));
  const list = { product: license.product, seq: 1, iat: 1, nxt: 2, revoked, suspended: new Uint8Array(0) };
  return encodeRevocationList(list, key.id, (message) => nacl.sign.detached(message, secretKey));
}

interface VectorKey {
  readonly id: number;
  readonly seed: string;
}

interface VectorMint {
  readonly license: { readonly product: string; readonly licenseId: string; readonly keyId: number };
}

function tryEngine({ name, install, binary, run, compiles }: Engine): void {
  const home = join(folder, 'engines', install.replace(/@.*/, ''));
  mkdirSync(home, { recursive: true });
  // Some put their binary in place by a script, which npm runs for those that are named only.
  writeFileSync(
    join(home, 'package.json'),
    '{"private": true, "allowScripts": {"node": true, "deno": true, "bun": true}}',
  );
  try {
    npm(['install', install], home);
  } catch {
    missing.push(name);
    return;
  }
  const program = join(home, 'node_modules', binary);
  attempt(name, () => {
    execFileSync('chmod', ['+x', program]);
    const limits = { encoding: 'utf8', timeout: LONGEST_RUN_MILLISECONDS } as const;
    const said = execFileSync(program, run, { cwd: folder, ...limits });
    if (compiles !== true && !said.includes(ALL_WELL)) throw new Error(`it said ${said || 'nothing'}`);
    return said;
  });
}

function compileTypes({ name, options, file }: (typeof SURROUNDINGS)[number]): void {
  for (const resolution of [
    ['--module', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ]) {
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noEmit'];
    const settings = [...strict, ...resolution, ...options, '--ignoreConfig'];
    attempt(`types, ${name}, ${resolution.at(-1)}`, () =>
      execFileSync(process.execPath, [TSC, ...settings, file], { cwd: folder, encoding: 'utf8' }),
    );
  }
}

function attempt(name: string, run: () => string): void {
  const start = performance.now();
  try {
    const said = run().trim() || 'compiles';
    console.log(`${name}: ${said} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    const told = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    console.error(`${name}: ${(told || String(error)).slice(0, 2000)}`);
    faults.push(name);
  }
}

function npm(args: readonly string[], cwd: string): void {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', [...args, ...quiet], { cwd, stdio: ['ignore', 'ignore', 'ignore'] });
}
