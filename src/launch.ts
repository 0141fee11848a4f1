/** What has to happen before anything else is loaded, for whatever is started directly. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { stderr, versions } from 'node:process';

const OLDEST_MAJOR = 24;

/** Beside the packages, so that `npm ci` clears it with them. */
const CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache', 'mintmark');

/**
 * Ends the process on a Node.js that is too old: better-sqlite3 would crash it there, without a word.
 * Keeps what is compiled for the next start, which is then faster and smaller, as the TypeScript stripper need not
 * be loaded; where nothing can be written, as in a read-only container, it does without.
 */
export function launch(): void {
  if (Number.parseInt(versions.node, 10) < OLDEST_MAJOR) {
    stderr.write(
      `Mintmark runs on Node.js ${OLDEST_MAJOR} or later; this is ${versions.node}.\n` +
        'npm ci brings the right one along: start it with  npm start  or  npm run -s mintmark -- …\n',
    );
    process.exit(1);
  }
  enableCompileCache(CACHE);
}
