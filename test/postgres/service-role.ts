/** The role that may not delete, by the statements of docs/postgresql.md. */
import { readFileSync } from 'node:fs';
import type { Owner } from '../kit/service.ts';
import { newSchema, openOn, run } from './server.ts';

const PAGE = readFileSync('docs/postgresql.md', 'utf8').replace(/\n## The setting[\s\S]*/, '');

/** The statements of the page's first section, in their order. */
export const STATEMENTS: readonly string[] = [
  ...PAGE.matchAll(/```sql\n([\s\S]*?)```|`(GRANT [^`]*;)`/g),
].flatMap(([, block = '', inline = '']) => `${block}${inline}`.match(/[^;]+;/g) ?? []);

/** What makes the role and what it is granted, without what the page leaves to choice. */
const NEEDED = STATEMENTS.filter(
  (statement) => statement.includes('mintmark_service') && !statement.includes('DELETE'),
);

/** Makes the role for the ledger of a schema. Returns its URL. */
export async function grantService(url: string): Promise<string> {
  const schema = /search_path%3D(\w+)/.exec(url)?.[1] ?? '';
  const role = `service_${schema}`;
  await run(
    NEEDED.join('\n').replaceAll('mintmark_service', role).replaceAll('SCHEMA public', `SCHEMA ${schema}`),
    url,
  );
  return url.replace('user=postgres', `user=${role}`);
}

/** A ledger in a schema of its own: the URL of its owner, and that of a role that does not own it. */
export async function withServiceRole(owner: Owner): Promise<{ readonly url: string; readonly own: string }> {
  const url = await newSchema();
  await (await openOn(owner, url)).close();
  return { url, own: await grantService(url) };
}
