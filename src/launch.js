/**
 * Loaded before all else (`node --import ./src/launch.js …`). JavaScript, because it has to run on a Node.js that is
 * too old for TypeScript, and before the TypeScript stripper is needed.
 */
import module from 'node:module';
import { join } from 'node:path';
import { argv, exit, stderr, versions } from 'node:process';
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
