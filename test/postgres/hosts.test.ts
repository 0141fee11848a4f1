/** Hosts of LEDGER_URL: a standby beside its primary, and TLS with certificates of the test's own. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openPostgresLedger } from '../../src/storage/postgres/open-ledger.ts';
import { freePort } from '../kit/free-port.ts';
import { issueOf, keepTexts } from '../kit/ledger-data.ts';
import { ID_SECRET } from '../kit/minting.ts';
import { temporaryFolder } from '../kit/service.ts';
import { type Cluster, ownFile, serverPrograms, startCluster, startStandby } from './cluster.ts';
import { openOn, run } from './server.ts';

function programs(): string {
  const found = serverPrograms();
  if (found === undefined) throw new Error('PostgreSQL is not installed here');
  return found;
}

async function clusterOn(
  t: ExecutionContext,
  settings: Readonly<Record<string, string>> = {},
): Promise<Cluster> {
  const local = { listen_addresses: '127.0.0.1', port: String(await freePort()) };
  const cluster = await startCluster(programs(), { ...local, ...settings });
  t.teardown(() => cluster.stop());
  return cluster;
}

test.serial(
  'of several hosts the one that takes writes is used; a standby alone is named as one',
  async (t) => {
    const primary = await clusterOn(t);
    const standby = await startStandby(primary, {
      listen_addresses: '127.0.0.1',
      port: String(await freePort()),
    });
    t.teardown(() => standby.stop());
    const at = (...ports: readonly string[]) =>
      `postgres://postgres@${ports.map((port) => `127.0.0.1:${port}`).join()}/postgres`;
    const gone = String(await freePort());
    const ledger = await openOn(t, at(gone, standby.port, primary.port));
    await keepTexts(ledger);
    t.is((await ledger.issueFirst(issueOf())).outcome, 'issued');
    const error = await t.throwsAsync(openOn(t, at(standby.port, gone)), { code: 'ledger_unavailable' });
    t.regex(error?.message ?? '', /takes no writes now: it is a standby/);
    await t.throwsAsync(openOn(t, at(gone)), { message: /cannot be reached/ });
  },
);

/** A certificate for a name, signed by an authority of its own: files of the server, and the authority's. */
function certificateFor(folder: string, name: string) {
  const file = (end: string) => join(folder, `${name}.${end}`);
  const openssl = (...words: readonly string[]) => execFileSync('openssl', [...words], { stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=Authority of ${name}`,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.crt'),
  );
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    file('key'),
    '-out',
    file('csr'),
  );
  const isAddress = /^[\d.]+$/.test(name);
  writeFileSync(file('ext'), `subjectAltName = ${isAddress ? 'IP' : 'DNS'}:${name}\n`);
  openssl(
    'x509',
    '-req',
    '-in',
    file('csr'),
    '-CA',
    file('ca.crt'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    file('ext'),
    '-out',
    file('crt'),
  );
  return { key: file('key'), crt: file('crt'), authority: file('ca.crt') };
}

test.serial(
  'TLS: a certificate is verified with its authority and its name; without sslmode nothing is encrypted',
  async (t) => {
    const folder = temporaryFolder(t);
    const right = certificateFor(folder, '127.0.0.1');
    const wrong = certificateFor(folder, 'other.example.com');
    const cluster = await clusterOn(t);
    const use = async ({ key, crt }: typeof right) => {
      ownFile(key, join(cluster.folder, 'server.key'));
      ownFile(crt, join(cluster.folder, 'server.crt'));
      for (const setting of [
        `ssl_key_file = '${cluster.folder}/server.key'`,
        `ssl_cert_file = '${cluster.folder}/server.crt'`,
        'ssl = on',
      ])
        await run(`ALTER SYSTEM SET ${setting}`, cluster.url);
      await run('SELECT pg_reload_conf()', cluster.url);
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    const url = (rest: string) => `postgres://postgres@127.0.0.1:${cluster.port}/postgres${rest}`;
    const open = (rest: string) => openPostgresLedger(url(rest), { idSecret: ID_SECRET });
    const isEncrypted = async (rest: string) => {
      const ledger = await open(rest);
      const [row] = await ledger.reads.rows('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      await ledger.close();
      return row?.['ssl'];
    };
    const verified = (mode: string, { authority }: typeof right) =>
      `?sslmode=${mode}&sslrootcert=${encodeURIComponent(authority)}`;
    await use(right);
    t.false(await isEncrypted(''));
    for (const mode of ['verify-full', 'require']) {
      t.true(await isEncrypted(verified(mode, right)), mode);
      const error = await t.throwsAsync(open(verified(mode, wrong)), { code: 'ledger_unavailable' });
      t.regex(String(error?.cause), /certificate/, `${mode}, another authority`);
      await t.throwsAsync(open(`?sslmode=${mode}`), { code: 'ledger_unavailable' }, `${mode}, no authority`);
    }
    t.true(await isEncrypted('?sslmode=no-verify'));
    await use(wrong);
    const error = await t.throwsAsync(open(verified('verify-full', wrong)), { code: 'ledger_unavailable' });
    t.regex(String(error?.cause), /altnames|does not match/, 'the name of another host');
  },
);
