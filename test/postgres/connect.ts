/** The connections of tests, proofs and the bench to PostgreSQL. */
import pg from 'pg';

/**
 * A connection whose loss fails what is asked on it, and nothing else: the driver also emits the loss, and an emitted error that
 * nobody listens to ends the process.
 */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
