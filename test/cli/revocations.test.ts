import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { loadRevocations } from '../../src/license-code/load-revocations.ts';
import { cliOf } from '../kit/cli.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { makeHome, startHome, temporaryFolder } from '../kit/service.ts';

/** A seller whose service was started once: two licenses of the product, one of them revoked. */
const owner = new FileOwner();
const home = makeHome(owner);
const cli = cliOf(home);
let revoked = '';
let kept = '';
test.before(async () => {
  await (await startHome(owner, home)).stop();
  const { out } = await cli(['issue', 'app', '--order', '1', '--quantity', '2', '--json']);
  const { licenses } = JSON.parse(out) as { licenses: { id: string }[] };
  [revoked = '', kept = ''] = licenses.map(({ id }) => id);
  home.clock.now += 1000;
  await cli(['license', 'revoke', revoked, '--reason', 'ticket 17']);
});
test.after.always(() => owner.end());

const read = (jws: string) => loadRevocations(jws, readKeyring(home.config.keysDir), 'app');

test.serial(
  'revocations export prints the signed list and nothing else, the same at each call',
  async (t) => {
    const { status, out, err } = await cli(['revocations', 'export', '--product', 'app']);
    t.is(status, 0);
    t.is(err, '');
    t.regex(out, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const list = read(out);
    t.is(list.refused, null);
    t.true(list.revoked(revoked));
    t.false(list.revoked(kept));
    t.is((await cli(['revocations', 'export', '--product', 'app'])).out, out);
  },
);

test.serial(
  'revocations export --out puts the same bytes in the place of a file, and leaves nothing beside it',
  async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, 'app.jwt');
    writeFileSync(file, 'the list of yesterday');
    const { status, out } = await cli(['revocations', 'export', '--product', 'app', '--out', file]);
    t.is(status, 0);
    t.regex(out, /^Wrote list \d+ of app to .*app\.jwt: 1 revoked, 0 suspended\.\n$/);
    t.is(readFileSync(file, 'utf8'), (await cli(['revocations', 'export', '--product', 'app'])).out);
    t.deepEqual(readdirSync(folder), ['app.jwt']);
    const nowhere = await cli([
      'revocations',
      'export',
      '--product',
      'app',
      '--out',
      join(folder, 'no', 'x'),
    ]);
    t.is(nowhere.status, 1);
    t.regex(nowhere.err, /cannot be written/);
  },
);

test.serial('a product whose file was removed can be exported; an unknown product is refused', async (t) => {
  rmSync(join(home.config.productsDir, 'app.md'));
  const { out } = await cli(['revocations', 'export', '--product', 'app']);
  t.true(read(out).revoked(revoked));
  const unknown = await cli(['revocations', 'export', '--product', 'nothing']);
  t.deepEqual([unknown.status, unknown.out, unknown.err], [1, '', 'There is no product nothing.\n']);
  t.not((await cli(['revocations', 'export'])).status, 0);
});
