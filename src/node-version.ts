/**
 * Imported before anything else by what is started directly: better-sqlite3 crashes the process on a Node.js
 * that is too old for it, and TypeScript runs as it is only on a newer one.
 */
import { stderr, versions } from 'node:process';

const OLDEST_MAJOR = 24;

if (Number.parseInt(versions.node, 10) < OLDEST_MAJOR) {
  stderr.write(
    `Mintmark runs on Node.js ${OLDEST_MAJOR} or later; this is ${versions.node}.\n` +
      'npm ci brings the right one along: start it with  npm start  or  npm run -s mintmark -- …\n',
  );
  process.exit(1);
}
