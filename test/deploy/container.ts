/** deploy/container: the compose files against the schema of the Compose Specification, and their settings. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../src/service/config.ts';
import { ROOT } from './place.ts';
import { runChecker } from './python.ts';

/** It brings the schema along. */
const CHECKER = 'check-jsonschema==0.39.0';

export async function tryContainer(folder: string): Promise<void> {
  const place = { folder, nodeFolder: join(ROOT, 'node_modules/node/bin') };
  const check = (text: string) => {
    writeFileSync(join(folder, 'compose.yaml'), text);
    const words = ['--builtin-schema', 'vendor.compose-spec', 'compose.yaml'];
    return runChecker(place, CHECKER, 'check-jsonschema', ...words);
  };
  const [plain = '', onPostgres = ''] = ['compose.yaml', 'compose.postgres.yaml'].map((name) =>
    readFileSync(join(ROOT, 'deploy/container', name), 'utf8'),
  );
  for (const text of [plain, onPostgres]) {
    check(text);
    assert.throws(() => check(text.replace('restart:', 'restarts:')), /restarts/, 'control');
  }
  const [first, second] = [parse(plain), parse(onPostgres)];
  const env = { ...first.services.mintmark.environment, ...second.services.mintmark.environment };
  const url = String(env.LEDGER_URL).replace(/\$\{LEDGER_PASSWORD[^}]*\}/, 'secret');
  const config = readConfig({ ...env, LEDGER_URL: url }, () => '');
  assert.equal(config.ledgerDatabase, 'postgres://mintmark:secret@postgres/ledger');
  const { postgres } = second.services;
  assert.equal(
    `${postgres.environment.POSTGRES_USER}@${postgres.environment.POSTGRES_DB}`,
    'mintmark@ledger',
  );
  // Each volume and network that is used is made.
  assert.ok(
    'ledger' in second.volumes && second.networks.ledger.internal,
    'nobody else reaches the database',
  );
  assert.equal('ports' in postgres, false, 'nor does the world');
}
