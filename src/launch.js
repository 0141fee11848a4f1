/**
 * Loaded before all else (`node --import ./src/launch.js …`). JavaScript, because it has to run on a Node.js that is
 * too old for TypeScript, and before the TypeScript stripper is needed.
 */
import { hash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import process, { argv, exit, stderr, versions } from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;

/** On an older one better-sqlite3 crashes the process without a word. */
if (Number.parseInt(versions.node, 10) < OLDEST_MAJOR) {
  stderr.write(
    `Mintmark runs on Node.js ${OLDEST_MAJOR} or later; this is ${versions.node}.\n` +
      `In a checkout npm ci brings the right one along: call ${argv[1] ?? 'it'} with  npm start  or  npm run -s mintmark -- …\n`,
  );
  exit(1);
}

/**
 * What is compiled is kept for the next start, which is then faster and smaller. It lies beside the packages, so that
 * `npm ci` clears it with them; where nothing can be written, as in a read-only container, there is none.
 */
module.enableCompileCache(
  join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules', '.cache', 'mintmark'),
);
module.registerHooks({ resolve: withoutLanguages });
const cache = module.getCompileCacheDir();
// A command ends soon, and the published package is JavaScript.
if (cache !== undefined && argv[1]?.endsWith(join('src', 'main.ts')))
  stripOnce(new URL('.', import.meta.url).href, join(cache, 'stripped'));

/**
 * Zod brings its messages in more than 60 languages, a file each: 15 ms of a start and 10 MB. Only English is used.
 * @type {module.ResolveHookSync}
 */
function withoutLanguages(specifier, context, nextResolve) {
  const isList = specifier === '../locales/index.js' && context.parentURL?.includes('/node_modules/zod/');
  return nextResolve(isList ? '../locales/en.js' : specifier, context);
}

/**
 * Keeps the JavaScript of each TypeScript file below `root` for the next start. Node.js does so too, but its compile
 * cache then holds these texts in memory for as long as the process runs: 3 MB.
 * @param {string} root
 * @param {string} folder
 */
function stripOnce(root, folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    // Another user's cache, which Node.js can read.
    return;
  }
  module.registerHooks({
    // Node.js would look each of them up on the disk, and for the package that it belongs to.
    resolve(specifier, context, nextResolve) {
      const from = context.parentURL;
      if (!from?.startsWith(root) || !/^\..*\.ts$/.test(specifier)) return nextResolve(specifier, context);
      return { url: new URL(specifier, from).href, format: 'module', shortCircuit: true };
    },
    load(url, context, nextLoad) {
      if (!url.startsWith(root) || !url.endsWith('.ts')) return nextLoad(url, context);
      const text = readFileSync(fileURLToPath(url), 'utf8');
      return { format: 'module', source: strippedText(text, folder), shortCircuit: true };
    },
  });
}

/**
 * @param {string} text
 * @param {string} folder
 */
function strippedText(text, folder) {
  const kept = join(folder, `${hash('sha256', text)}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const stripped = withoutWarning(() => module.stripTypeScriptTypes(text));
  try {
    // Another process must not read half of it.
    const written = join(folder, randomUUID());
    writeFileSync(written, stripped);
    renameSync(written, kept);
  } catch {
    // The next start strips it again.
  }
  return stripped;
}

/**
 * Node.js itself strips by the same code, and warns only who calls it.
 * @param {() => string} strip
 */
function withoutWarning(strip) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return strip();
  } finally {
    process.emitWarning = emitWarning;
  }
}
