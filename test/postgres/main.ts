/**
 * `npm run test:postgres`: runs the tests of this folder, and then those of services, on a PostgreSQL of their own.
 * Arguments go to ava, which then runs the tests of this folder only.
 */
import { spawnSync } from 'node:child_process';
import { serverPrograms, startCluster } from './cluster.ts';

const programs = serverPrograms();
if (programs === undefined) {
  console.error(
    'Not run: PostgreSQL is not installed here (no initdb). On Debian: apt-get install postgresql pgbouncer. `npm test` needs none.',
  );
  process.exitCode = 1;
} else {
  const cluster = await startCluster(programs);
  try {
    const given = process.argv.slice(2);
    const configs = given.length > 0 ? ['ava.config.js'] : ['ava.config.js', 'services.config.js'];
    for (const config of configs) {
      const { status } = spawnSync('ava', ['--config', `test/postgres/${config}`, ...given], {
        stdio: 'inherit',
        env: { ...process.env, TEST_POSTGRES_URL: cluster.url },
      });
      process.exitCode ||= status ?? 1;
    }
  } finally {
    cluster.stop();
  }
}
