/** The commands of docs/postgresql.md, "Two instances", word for word in a shell; and one instance killed in the middle of a sale. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { freePort } from '../kit/free-port.ts';
import { folderFor } from '../kit/ledger-file.ts';
import { lockTable, newSchema, run } from './server.ts';

/** The lines of the page's example. */
function commandsOfPage(): readonly string[] {
  const page = readFileSync('docs/postgresql.md', 'utf8');
  const [, block = ''] = /## Two instances[\s\S]*?```console\n([\s\S]*?)```/.exec(page) ?? [];
  return block.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
}

/** An interactive shell, which has jobs. */
class Shell {
  readonly #child: ChildProcess;
  #out = '';
  #count = 0;

  constructor(t: ExecutionContext, env: Readonly<Record<string, string>>) {
    this.#child = spawn('bash', ['--norc', '--noprofile', '-s'], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#out += bytes.toString();
    });
    this.#child.stdin?.write('set -m\n');
    t.teardown(async () => {
      await this.run('kill -9 %1 %2');
      this.#child.kill('SIGKILL');
    });
  }

  /** What a command writes. */
  async run(command: string): Promise<string> {
    this.#count += 1;
    const end = `end of command ${this.#count}`;
    const start = this.#out.length;
    this.#child.stdin?.write(`${command}\necho; echo ${end}\n`);
    for (let tries = 0; tries < 600; tries++) {
      const place = this.#out.indexOf(end, start);
      if (place >= 0) return this.#out.slice(start, place);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${command} did not end: ${this.#out.slice(start)}`);
  }
}

/** A shell with the two instances of the page, and how to run one of its lines. */
async function twoInstances(t: ExecutionContext) {
  const folder = folderFor(t);
  cpSync('data/products', join(folder, 'data', 'products'), { recursive: true });
  const url = await newSchema();
  const ports = [String(await freePort()), String(await freePort())] as const;
  const [one, two] = ports;
  const shell = new Shell(t, {
    DATA_DIR: join(folder, 'data'),
    KEYS_DIR: join(folder, 'keys'),
    LEDGER_URL: url,
    PORT: one,
    NO_COLOR: '1',
  });
  const line = (text: string) =>
    shell.run(
      text
        .replace('8787', one)
        .replace('8788', two)
        .replace(/LEDGER_URL=\S+/, `LEDGER_URL='${url}'`)
        .replace(/&$/, '< /dev/null > /dev/null 2>&1 &'),
    );
  const isUp = (port: string) =>
    shell.run(`until (exec 3<>/dev/tcp/127.0.0.1/${port}) 2> /dev/null; do sleep 0.1; done`);
  return { url, ports, shell, line, isUp };
}

test.serial(
  'two instances as docs/postgresql.md starts them: one is killed, the other repeats the same bytes',
  async (t) => {
    const commands = commandsOfPage();
    t.is(commands.length, 6);
    const { url, ports, line, isUp } = await twoInstances(t);
    const [exported = '', first = '', second = '', simulated = '', killed = '', again = ''] = commands;
    await line(exported);
    await line(first);
    await isUp(ports[0]);
    await line(second);
    await isUp(ports[1]);
    const reply = await line(simulated);
    t.regex(reply, /Enjoy Example App!/);
    await line(killed);
    t.is(await line(again), reply);
    const [row] = await run('SELECT count(*)::int AS licenses FROM license', url);
    t.is(row?.['licenses'], 1);
  },
);

test.serial(
  'an instance that is killed in the middle of a sale leaves nothing half, and the other answers it',
  async (t) => {
    const { url, ports, line, isUp, shell } = await twoInstances(t);
    const [, first = '', second = '', simulated = '', killed = '', again = ''] = commandsOfPage();
    await line(first);
    await isUp(ports[0]);
    await line(second);
    await isUp(ports[1]);
    const client = await lockTable(url, 'license', 'SHARE');
    await shell.run(`${simulated} < /dev/null > /dev/null 2>&1 &`);
    await untilWaiting(url);
    await line(killed);
    await client.end();
    const reply = await line(again);
    t.regex(reply, /Enjoy Example App!/);
    t.is(await line(again), reply);
    const [row] = await run(
      `SELECT (SELECT count(*) FROM license)::int AS licenses, (SELECT sum(last_license) FROM pen)::int AS numbered`,
      url,
    );
    t.deepEqual(row, { licenses: 1, numbered: 1 });
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
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('no sale came');
}
