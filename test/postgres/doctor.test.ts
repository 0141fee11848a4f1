/** What `mintmark doctor` says of the faults that a database can have, each with the real command. */
import { spawnSync } from 'node:child_process';
import test, { type ExecutionContext } from 'ava';
import { cliOf } from '../kit/cli.ts';
import { makeHome, startHome } from '../kit/service.ts';
import { serverPrograms, startCluster, startStandby } from './cluster.ts';
import { connect } from './connect.ts';
import { newOwner, newSchema, run, schemaWithClock, serverUrl } from './server.ts';
import { grantService } from './service-role.ts';

/** A ledger that a service began, and what the doctor finds in it. `at`: by another URL. */
async function begun(t: ExecutionContext, url: string) {
  const home = makeHome(t, { env: { LEDGER_URL: url } });
  home.clock.now = Date.now();
  await (await startHome(t, home)).stop();
  const doctor = async (at = url) => {
    const { status, out } = await cliOf({ ...home, config: { ...home.config, ledgerDatabase: at } })([
      'doctor',
    ]);
    // Of the settings of the tests.
    return {
      status,
      out,
      bad: out
        .split('\n')
        .filter((line) => /^(FAULT|warning) .*(ledger|start|clock|connections):/.test(line)),
    };
  };
  return { home, doctor };
}

/** The doctor says one fault of the ledger, and nothing while it is sound. */
async function says(
  t: ExecutionContext,
  url: string,
  fault: RegExp,
  breaks: () => Promise<string | undefined>,
) {
  const { doctor } = await begun(t, url);
  t.deepEqual((await doctor()).bad, [], 'the control');
  const { status, bad } = await doctor(await breaks());
  t.is(status, 1);
  t.regex(bad.join('\n'), fault);
}

const optionsOf = (url: string, option: string) => url.replace('search_path', `${option}%20-c%20search_path`);

test.serial('doctor: the database cannot be reached', async (t) => {
  const url = await newSchema();
  await says(t, url, /^FAULT .*ledger: It does not open: The ledger cannot be reached now/, async () =>
    url.replace(/host=[^&]*/, 'host=/nonexistent'),
  );
});

test.serial('doctor: the role may only read', async (t) => {
  const { role, url } = await newOwner();
  await says(
    t,
    url,
    /^FAULT .*ledger: It .*takes no writes now: it is a standby, or read-only/m,
    async () => {
      await run(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
      return undefined;
    },
  );
});

test.serial('doctor: a commit is not durable, by the role or by the server', async (t) => {
  for (const value of ['off', 'local']) {
    const url = await newSchema();
    await says(
      t,
      url,
      new RegExp(
        `^FAULT .*ledger: It does not open: PostgreSQL has synchronous_commit = ${value}: a sale .* could be lost`,
      ),
      async () => optionsOf(url, `synchronous_commit%3D${value}`),
    );
  }
});

/** Another server of the test's own. */
async function serverOf(t: ExecutionContext, settings: Readonly<Record<string, string>> = {}) {
  const programs = serverPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed here');
  const cluster = await startCluster(programs, settings);
  t.teardown(() => cluster.stop());
  return cluster;
}

for (const name of ['fsync', 'full_page_writes'])
  test.serial(`doctor: the server has ${name} off, also before the first start`, async (t) => {
    const { doctor } = await begun(t, await newSchema());
    const { url } = await serverOf(t, { [name]: 'off' });
    const { status, bad } = await doctor(url);
    t.is(status, 1);
    t.regex(
      bad.join('\n'),
      new RegExp(`^FAULT .*ledger: It does not open: PostgreSQL has ${name} = off: a sale`),
    );
  });

test.serial('doctor: the only host is a standby', async (t) => {
  const primary = await serverOf(t);
  await says(
    t,
    primary.url,
    /^FAULT .*ledger: It does not open: The database takes no writes now: it is a standby/,
    async () => {
      const standby = await startStandby(primary);
      t.teardown(() => standby.stop());
      return standby.url;
    },
  );
});

test.serial('doctor: the encoding lacks characters', async (t) => {
  const name = `latin_${process.hrtime.bigint()}`;
  await run(`CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`);
  await says(
    t,
    await newSchema(),
    /^FAULT .*ledger: It does not open: The database has the encoding LATIN1, .* Make it with ENCODING 'UTF8' TEMPLATE template0/,
    async () => serverUrl().replace('/postgres?', `/${name}?`),
  );
});

test.serial('doctor: no schema of the search path exists', async (t) => {
  const url = await newSchema();
  await says(
    t,
    url,
    /^FAULT .*ledger: It does not open: No schema of the connection's search_path exists/,
    async () => url.replace(/search_path%3D\w+/, 'search_path%3Dmissing'),
  );
});

test.serial('doctor: the role lacks privileges', async (t) => {
  const url = await newSchema();
  await says(
    t,
    url,
    /^FAULT .*ledger: It does not open: The role of LEDGER_URL may not do that in the database: grant it/,
    async () => {
      const own = await grantService(url);
      const [, role = ''] = /user=(\w+)/.exec(own) ?? [];
      await run(`REVOKE SELECT ON ALL TABLES IN SCHEMA ${/search_path%3D(\w+)/.exec(url)?.[1]} FROM ${role}`);
      return own;
    },
  );
});

for (const [what, change, fault] of [
  [
    'is newer',
    'version = version + 1, readable_from = version + 1',
    /: it was written by a newer Mintmark, readable from schema \d+ on: update Mintmark/,
  ],
  [
    'is older than the first one that a start migrates',
    'version = 9',
    /: no start migrates one that is so old\. Stop the service, move the ledger/,
  ],
] as const)
  test.serial(`doctor: the schema ${what}`, async (t) => {
    const url = await newSchema();
    await says(t, url, fault, async () => {
      await run(`UPDATE schema_version SET ${change}`, url);
      return undefined;
    });
  });

test.serial('doctor: the ledger was moved away', async (t) => {
  const url = await newSchema();
  const { home, doctor } = await begun(t, url);
  t.is((await cliOf(home)(['ledger', 'copy', '--to', `sqlite:${home.folder}/away.sqlite`])).status, 0);
  t.regex((await doctor()).bad.join('\n'), /^FAULT .*ledger: It does not open: .*was moved/);
});

test.serial('doctor: the id secret is that of another ledger', async (t) => {
  const other = await newSchema();
  await begun(t, other);
  await says(t, await newSchema(), /^FAULT .*(ledger|start): .*id secret/m, async () => other);
});

test.serial('doctor: the clock is ahead of the database’s, or behind', async (t) => {
  const { url, push } = await schemaWithClock();
  const { home } = await begun(t, url);
  const doctor = () => {
    const { dataDir: DATA_DIR, keysDir: KEYS_DIR } = home.config;
    const env = { ...process.env, DATA_DIR, KEYS_DIR, LEDGER_URL: url };
    const words = ['--import', './src/launch.js', 'src/cli/mintmark.ts', 'doctor'];
    return spawnSync(process.execPath, words, { env, encoding: 'utf8' }).stdout;
  };
  t.notRegex(doctor(), /^FAULT .*clock:/m, 'the control');
  await push(180_000);
  t.regex(doctor(), /^FAULT .*clock: It is 1[78]\d seconds behind the database's\.\n .*NTP/m);
  await push(-360_000);
  t.regex(doctor(), /^FAULT .*clock: It is 1[78]\d seconds ahead of the database's\.\n .*NTP/m);
});

test.serial('doctor: connections are nearly used up, and then used up', async (t) => {
  const { role, url } = await newOwner();
  const { doctor } = await begun(t, url);
  const sound = await doctor();
  t.regex(sound.out, /^ok .*connections: \d+ of \d+ connections to the database are used\./m, 'the control');
  await run(`ALTER ROLE ${role} CONNECTION LIMIT 12`);
  const held = await connect(url);
  t.teardown(() => held.end());
  const near = await doctor();
  t.regex(
    near.out,
    /^warning {2}connections: \d of 12 connections to the database are used\.\n .*CONNECTION LIMIT/m,
  );
  await run(`ALTER ROLE ${role} CONNECTION LIMIT 1`);
  t.regex(
    (await doctor()).bad.join('\n'),
    /^FAULT .*ledger: It does not open: The ledger cannot be reached now/,
  );
});
