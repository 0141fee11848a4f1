/** A PostgreSQL of a proof's own, on which the files of test/postgres open their schemas. */
import { type Cluster, serverPrograms, startCluster } from '../../postgres/cluster.ts';
import type { Tools } from '../proof.ts';

export async function privateCluster(
  tools: Tools,
  settings: Readonly<Record<string, string>> = {},
  space?: number,
): Promise<Cluster> {
  const programs = serverPrograms();
  if (programs === undefined)
    throw new Error('PostgreSQL is not installed here (no initdb). On Debian: apt-get install postgresql.');
  const cluster = await startCluster(programs, settings, space);
  tools.teardown(() => cluster.stop());
  process.env['TEST_POSTGRES_URL'] = cluster.url;
  return cluster;
}
