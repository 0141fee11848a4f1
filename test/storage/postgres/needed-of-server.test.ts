/** What a start needs of the server and the database, without one. */
import test from 'ava';
import { requireDurable } from '../../../src/storage/postgres/session/open.ts';

const SOUND = {
  version: 150000,
  schema: 'public',
  encoding: 'UTF8',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
};

const required = (row: Readonly<Record<string, unknown>>) => requireDurable({ rows: async () => [row] });

test('a sound database will do, also with a standby that confirms commits', async (t) => {
  await t.notThrowsAsync(required(SOUND));
  await t.notThrowsAsync(required({ ...SOUND, synchronous_commit: 'remote_apply' }));
});

for (const [name, value] of [
  ['version', 140000],
  ['schema', null],
  // Names have characters that these lack, or mean otherwise.
  ['encoding', 'LATIN1'],
  ['encoding', 'SQL_ASCII'],
  ['fsync', 'off'],
  ['full_page_writes', 'off'],
  ['synchronous_commit', 'off'],
  ['synchronous_commit', 'local'],
] as const) {
  test(`a database with ${name} ${value} is refused by a sentence`, async (t) => {
    const error = await t.throwsAsync(required({ ...SOUND, [name]: value }), { code: 'bad_configuration' });
    t.regex(error?.message ?? '', /\.$/);
    if (name === 'encoding') t.regex(error?.message ?? '', new RegExp(`${value}.*UTF8`));
  });
}
