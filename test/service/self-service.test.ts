import { writeFileSync } from 'node:fs';
import test from 'ava';
import { AppError } from '../../src/errors.ts';
import { setUpSelfService } from '../../src/service/self-service.ts';
import { makeHome } from '../kit/service.ts';

test('a shop file stops the start on PostgreSQL, which has no pages of customers yet', async (t) => {
  const { config } = makeHome(t);
  writeFileSync(config.shopFile, 'name: Example\nhelp: help@example.com\n');
  t.is(
    await setUpSelfService(config),
    undefined,
    'the control: on a file, without PUBLIC_URL and mail, the pages are off',
  );
  const onDatabase = { ...config, ledgerDatabase: 'postgres://mintmark@db.example.com/ledger' };
  const error = await t.throwsAsync(setUpSelfService(onDatabase), { instanceOf: AppError });
  t.regex(error.message, /shop\.yaml: the pages of customers are not on PostgreSQL yet/);
});
