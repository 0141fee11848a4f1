/** A function starts with a ledger on PostgreSQL, and with downloads in a bucket alone. */
import test from 'ava';
import { requireForFunction } from '../../../src/service/lambda/requirements.ts';

const ledgerDatabase = 'postgres://db.example/ledger';
const bucket = {
  ...{ endpoint: 'https://s3.example', region: 'auto', name: 'b', prefix: '' },
  ...{ accessKeyId: 'a', secretAccessKey: 's' },
};

test('a function without a database, or with downloads in a folder, does not start and says what to set', (t) => {
  t.is(requireForFunction({ ledgerDatabase, downloads: undefined }), ledgerDatabase);
  t.is(requireForFunction({ ledgerDatabase, downloads: { bucket } }), ledgerDatabase);
  const refused = { code: 'bad_configuration' };
  t.throws(() => requireForFunction({ ledgerDatabase: undefined, downloads: undefined }), {
    ...refused,
    message: /^LEDGER_URL/,
  });
  t.throws(() => requireForFunction({ ledgerDatabase, downloads: { folder: '/files' } }), {
    ...refused,
    message: /^DOWNLOADS/,
  });
});
