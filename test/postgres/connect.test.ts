import test from 'ava';
import { connect } from './connect.ts';
import { run, serverUrl } from './server.ts';

test('the loss of a connection fails what is asked on it, and does not end the process', async (t) => {
  const client = await connect(serverUrl());
  const [row] = (await client.query('SELECT pg_backend_pid() AS pid')).rows as { readonly pid: number }[];
  const lost = new Promise((resolve) => client.once('end', resolve));
  await run(`SELECT pg_terminate_backend(${row?.pid})`);
  await lost;
  await t.throwsAsync(client.query('SELECT 1'));
});
