/**
 * The commands of docs/postgresql.md, "Two instances", word for word in a shell with a network of its own, so that the addresses
 * and ports of the page are free: one instance is killed before or after it answered a sale, and the other answers it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { folderFor } from '../kit/ledger-file.ts';
import { serverPrograms, startCluster } from './cluster.ts';
import { lockTable, run } from './server.ts';
import { STATEMENTS } from './service-role.ts';

/** The lines of the page's example. */
function commandsOfPage(): readonly string[] {
  const page = readFileSync('docs/postgresql.md', 'utf8');
  const [, block = ''] = /## Two instances[\s\S]*?```console\n([\s\S]*?)```/.exec(page) ?? [];
  return block.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
}

/** A shell with jobs, which gets its lines by a pipe of their own. */
const SHELL = 'ip link set lo up && set -m && while IFS= read -r line <&3; do eval "$line"; done';

/** A network of its own has no address before its loopback is up. */
function namespace(): readonly string[] {
  const words = [...(process.getuid?.() === 0 ? [] : ['-r']), '--net'];
  const { status } = spawnSync('unshare', [...words, 'ip', 'link', 'set', 'lo', 'up']);
  if (status !== 0)
    throw new Error('A network of its own needs Linux, unshare (util-linux) and ip (iproute2).');
  return words;
}

class Shell {
  readonly #child: ChildProcess;
  #out = '';
  #count = 0;

  constructor(t: ExecutionContext, env: Readonly<Record<string, string>>) {
    this.#child = spawn('unshare', [...namespace(), 'bash', '--norc', '--noprofile', '-c', SHELL], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#out += bytes.toString();
    });
    t.teardown(async () => {
      await this.run('for job in $(jobs -p); do kill -9 -- "-$job"; done; kill -9 $relay');
      this.#child.kill('SIGKILL');
    });
  }

  /** All that was written so far, without the log of the instances. */
  get out(): string {
    return this.#out.replace(/^\{.*\}\n/gm, '');
  }

  async until(text: string, times = 1): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (this.out.split(text).length > times) return;
      await wait(50);
    }
    throw new Error(`${text} did not come: ${this.out}`);
  }

  /** What a command writes. */
  async run(command: string): Promise<string> {
    this.#count += 1;
    const end = `end of command ${this.#count}`;
    const start = this.out.length;
    (this.#child.stdio[3] as NodeJS.WritableStream).write(`${command}\necho; echo ${end}\n`);
    await this.until(end);
    return this.out.slice(start, this.out.indexOf(end)).trimEnd();
  }
}

/** The page's database on a server of the test's own, and the page's commands up to the two instances. */
async function twoInstances(t: ExecutionContext) {
  const programs = serverPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed here');
  const cluster = await startCluster(programs);
  t.teardown(() => cluster.stop());
  for (const statement of STATEMENTS.slice(0, 2)) await run(statement, cluster.url);
  const url = cluster.url.replace('/postgres?', '/ledger?');
  const folder = folderFor(t);
  cpSync('data/products', join(folder, 'data', 'products'), { recursive: true });
  const shell = new Shell(t, {
    DATA_DIR: join(folder, 'data'),
    KEYS_DIR: join(folder, 'keys'),
    NO_COLOR: '1',
  });
  const socket = join(cluster.folder, `.s.PGSQL.${cluster.port}`);
  await shell.run(`'${process.execPath}' test/postgres/relay.ts '${socket}' & relay=$!; disown`);
  const [exported = '', first = '', second = '', simulated = '', killed = '', ...again] = commandsOfPage();
  t.is(again.length, 2);
  await shell.run(exported);
  await shell.run(first);
  await shell.until('Mintmark listens on');
  await shell.run(second);
  await shell.until('Mintmark listens on', 2);
  const repeat = async () => {
    const replies = [await shell.run(again[0] ?? ''), await shell.run(again[1] ?? '')] as const;
    t.regex(replies[0], /Enjoy Example App!/);
    t.is(replies[1], replies[0]);
    const [row] = await run(
      `SELECT (SELECT count(*) FROM license)::int AS licenses, (SELECT sum(last_license) FROM pen)::int AS numbered`,
      url,
    );
    t.deepEqual(row, { licenses: 1, numbered: 1 });
    return replies[0];
  };
  return { url, shell, simulated, killed, repeat };
}

test.serial(
  'two instances as docs/postgresql.md starts them: one is killed after it answered, the other repeats the same bytes',
  async (t) => {
    const { shell, simulated, killed, repeat } = await twoInstances(t);
    await shell.run(simulated);
    await shell.until('Enjoy Example App!');
    await wait(500);
    const reply = shell.out;
    await shell.run(killed);
    t.true(reply.includes(await repeat()));
  },
);

test.serial(
  'an instance that is killed in the middle of a sale leaves nothing half, and the other answers it',
  async (t) => {
    const { url, shell, simulated, killed, repeat } = await twoInstances(t);
    const client = await lockTable(url, 'license', 'SHARE');
    await shell.run(simulated);
    await untilWaiting(url);
    await shell.run(killed);
    await client.end();
    await repeat();
  },
);

/** Until the sale waits for the locked table. */
async function untilWaiting(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const rows = await run(
      "SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE NOT l.granted AND c.relname = 'license'",
      url,
    );
    if (rows.length > 0) return;
    await wait(20);
  }
  throw new Error('no sale came');
}
