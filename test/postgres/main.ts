/** `npm run test:postgres`: runs the tests of this folder on a PostgreSQL of their own. Arguments go to ava. */
import { spawnSync } from 'node:child_process';
import { serverPrograms, startCluster } from './cluster.ts';

const programs = serverPrograms();
if (programs === undefined) {
  console.error(
    'Not run: PostgreSQL is not installed here (no initdb). On Debian: apt-get install postgresql. `npm test` needs none.',
  );
  process.exitCode = 1;
} else {
  const cluster = await startCluster(programs);
  try {
    const { status } = spawnSync(
      'ava',
      ['--config', 'test/postgres/ava.config.js', ...process.argv.slice(2)],
      { stdio: 'inherit', env: { ...process.env, TEST_POSTGRES_URL: cluster.url } },
    );
    process.exitCode = status ?? 1;
  } finally {
    cluster.stop();
  }
}
