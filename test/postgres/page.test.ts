/** The SQL of docs/postgresql.md, "The database", word for word on a server. */
import test from 'ava';
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { openOn, run, serverUrl } from './server.ts';
import { STATEMENTS } from './service-role.ts';

/** The same server, another database and role. */
function urlOf(database: string, role: string): string {
  return serverUrl().replace('/postgres?', `/${database}?`).replace('user=postgres', `user=${role}`);
}

test.serial('the page makes the database, and a role that may not delete sells in it', async (t) => {
  const [owner = '', database = '', role = '', ...grants] = STATEMENTS;
  t.is(grants.length, 3);
  await run(owner);
  await run(database);
  await (await openOn(t, urlOf('ledger', 'mintmark'))).close();
  await run(role);
  // Elsewhere the first succeeds and grants nothing there, and the second knows no table.
  await run(grants[1] ?? '');
  await t.throwsAsync(run(grants[2] ?? ''), { message: /does not exist/ });
  await t.throwsAsync(openOn(t, urlOf('ledger', 'mintmark_service')), undefined, 'the control');
  for (const grant of grants) await run(grant, urlOf('ledger', 'postgres'));
  const ledger = await openOn(t, urlOf('ledger', 'mintmark_service'));
  await keepTexts(ledger);
  await t.notThrowsAsync(ledger.issueFirst(issueOf()));
  await run('DELETE FROM handout', urlOf('ledger', 'mintmark_service'));
  await t.throwsAsync(run('DELETE FROM license', urlOf('ledger', 'mintmark_service')), {
    message: /permission denied/,
  });
});
