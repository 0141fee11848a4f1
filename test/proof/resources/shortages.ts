/** Resources that a machine can lack, each a run that returns the faults. Needs Linux, `unshare` and `prlimit`. */
import { closeSync, cpSync, openSync, rmSync, writeSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Machine, type RunningService } from '../../kit/machine.ts';
import { IGNORES_ERRORS } from '../disk-faults.ts';
import { ledgerOf } from '../kit/check.ts';
import { Disk } from '../kit/disk.ts';
import { weakened } from '../kit/weakening.ts';
import { pick, type Tools } from '../proof.ts';
import { Customers } from './customers.ts';

/** Longer than a write waits for another process. */
const LOCKED = 4000;
/** Longer than a second service waits for the first one. */
const SECOND_ENDS = 30_000;
const STOPPED = 10_000;
const FILES = 64;
/** Megabytes for objects: barely more than the service needs. */
const HEAP = 40;

/** Orders at once, and units per order, for a large load. */
const WIDE = 16;
const UNITS = 1000;

const WARN = { LOG_LEVEL: 'warn' };

type Case = readonly [name: string, run: (tools: Tools) => Promise<readonly string[]>];

/** The runs of a lane are sequential; the lanes, which mostly wait, run in parallel. */
export const LANES: readonly (readonly Case[])[] = [
  [
    ['disk full', diskFull],
    ['read-only disk', (tools) => refusesWrites(tools, constants.errno.EROFS)],
    ['read-only at the start', readOnlyAtStart],
    [`${FILES} files`, fewFiles],
    ['little memory', littleMemory],
  ],
  [['SIGSTOP 10 s', stoppedForAWhile]],
  [['a second process', secondProcess]],
];

/** Runs a program with its own view of the data folder, which `mount` makes; without root's privileges. */
function inNamespace(machine: Machine, mount: string): { under: string[] } {
  const data = machine.path('data');
  const script = `mkdir -p "$0" && ${mount} && exec "$@"`;
  return { under: ['unshare', '-rm', 'sh', '-ec', script, data] };
}

/** Fills a small disk and empties it again. */
async function diskFull(tools: Tools): Promise<readonly string[]> {
  const machine = new Machine(tools, WARN);
  const service = await machine.start(inNamespace(machine, 'mount -t tmpfs -o size=12m tmpfs "$0"'));
  const data = `/proc/${service.ran.child.pid}/root${machine.path('data')}`;
  const customers = new Customers();
  await customers.buy(service, 8);
  const filler = `${data}/filler`;
  fill(filler);
  for (let round = 0; round < 20 || (customers.refused === 0 && round < 400); round++)
    await customers.buy(service);
  if (customers.refused === 0) customers.faults.push('the full disk was not felt');
  rmSync(filler);
  await customers.readLog(service);
  await customers.recover(service);
  note(tools, 'disk full', customers);
  // The disk ends with the process, and nothing is written any more.
  cpSync(data, machine.path('left'), { recursive: true });
  await service.ran.kill();
  await customers.look(machine, machine.path('left'));
  return customers.faults;
}

function fill(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (let size = 65_536; size >= 512; size /= 2) {
      try {
        for (;;) if (writeSync(handle, Buffer.alloc(size)) < size) break;
      } catch {
        // A smaller piece can still fit.
      }
    }
  } finally {
    closeSync(handle);
  }
}

/** From one moment on every write fails, and from a later moment on none. */
export async function refusesWrites(tools: Tools, errno: number, isWeak = false): Promise<readonly string[]> {
  const disk = new Disk(tools);
  const machine = new Machine(tools, WARN);
  const { imports, env } = isWeak ? weakened(IGNORES_ERRORS) : { imports: [], env: {} };
  const service = await machine.start({ imports, env: { ...env, ...disk.env } });
  const customers = new Customers();
  await customers.buy(service, 1 + pick(20, tools));
  disk.failAll(errno);
  for (let round = 0; round < 10; round++) await customers.buy(service);
  if (customers.refused === 0) customers.faults.push('no request was refused');
  disk.disarm();
  await customers.readLog(service);
  await customers.recover(service);
  note(tools, 'read-only disk', customers);
  await service.ran.kill();
  await customers.look(machine, machine.path('data'));
  return customers.faults;
}

/** A start on a read-only folder ends with a message; a supervisor restarts it when the folder is writable. */
async function readOnlyAtStart(tools: Tools): Promise<readonly string[]> {
  const machine = new Machine(tools, WARN);
  const customers = new Customers();
  const first = await machine.start();
  await customers.buy(first);
  await first.ran.kill();
  const mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"';
  const ran = machine.spawn('src/main.ts', [], inNamespace(machine, mount));
  const status = await Promise.race([ran.ended, wait(10_000).then(() => 'still there')]);
  if (status !== 1 || !/Mintmark did not start/.test(ran.err))
    customers.faults.push(`it ended with ${status} and: ${ran.err}`);
  await ran.kill();
  const again = await machine.start();
  await customers.recover(again);
  await again.ran.kill();
  await customers.look(machine, machine.path('data'));
  return customers.faults;
}

/** Connections use up all files that the process can open. */
async function fewFiles(tools: Tools): Promise<readonly string[]> {
  const machine = new Machine(tools, WARN);
  const service = await machine.start({ under: ['prlimit', `--nofile=${FILES}:${FILES}`] });
  const customers = new Customers();
  await customers.buy(service);
  // A start examines the sales so far a quarter of a second later, and loads files for it.
  await wait(1000);
  const port = Number(new URL(service.url).port);
  const idle: Socket[] = [];
  for (let number = 0; number < 2 * FILES; number++) {
    const socket = createConnection(port, '127.0.0.1').on('error', () => {});
    socket.resume();
    idle.push(socket);
  }
  await wait(300);
  const held = idle.filter(({ readyState }) => readyState === 'open').length;
  // The limit holds, however many clients connect.
  if (held >= 2 * FILES) customers.faults.push('the limit was not felt');
  await customers.buy(service, 2 * WIDE);
  for (const socket of idle) socket.destroy();
  await customers.recover(service);
  await customers.readLog(service);
  note(tools, `${FILES} files, ${held} idle connections held`, customers);
  await service.ran.kill();
  await customers.look(machine, machine.path('data'));
  return customers.faults;
}

/** Orders of a thousand units each, with a heap that holds few: a supervisor restarts the process. */
async function littleMemory(tools: Tools): Promise<readonly string[]> {
  const machine = new Machine(tools, WARN);
  const small = { env: { NODE_OPTIONS: `--max-old-space-size=${HEAP}` } };
  let service: RunningService = await machine.start(small);
  const customers = new Customers();
  let ends = 0;
  for (let round = 0; round < (tools.quick ? 1 : 2); round++) {
    const { cut } = customers;
    await customers.buy(service, WIDE, UNITS);
    // Connections break before the process has ended.
    if (customers.cut > cut) await Promise.race([service.ran.ended, wait(STOPPED)]);
    if (service.ran.child.exitCode === null && service.ran.child.signalCode === null) continue;
    ends += 1;
    service = await machine.start(small);
  }
  // Like an operator who read the reason.
  if (ends > 0) {
    await service.ran.kill();
    service = await machine.start();
  }
  // Of a thousand units each; the process may have ended before it answered one.
  const wide = [...customers.answered.keys()];
  await customers.buy(service);
  if (customers.answered.size < wide.length + 8) customers.faults.push('it does not recover');
  for (const order of wide.slice(0, 8)) await customers.ask(service, order, UNITS);
  note(tools, `a heap of ${HEAP} MB, ended ${ends} times`, customers);
  await service.ran.kill();
  await customers.look(machine, machine.path('data'));
  return customers.faults;
}

async function stoppedForAWhile(tools: Tools): Promise<readonly string[]> {
  const machine = new Machine(tools, WARN);
  const service = await machine.start();
  // For the clock of Node.js the waiting request took too long: 408, which a marketplace retries.
  const customers = new Customers({ accepted: [408] });
  const under: Promise<void>[] = [];
  for (let number = 0; number < 40; number++) {
    under.push(customers.buy(service, 4));
    if (number === 20) service.ran.child.kill('SIGSTOP');
    await wait(number < 20 ? number % 5 : STOPPED / 20);
  }
  service.ran.child.kill('SIGCONT');
  await Promise.all(under);
  await customers.readLog(service);
  await customers.recover(service);
  note(tools, 'SIGSTOP', customers);
  await service.ran.kill();
  await customers.look(machine, machine.path('data'));
  return customers.faults;
}

/** A second service does not start while the first one sells; then another process holds the ledger longer than it waits. */
async function secondProcess(tools: Tools): Promise<readonly string[]> {
  const machine = new Machine(tools, WARN);
  const service = await machine.start();
  const other = machine.spawn('src/main.ts');
  const customers = new Customers();
  for (
    const end = performance.now() + SECOND_ENDS;
    performance.now() < end && other.err === '';
    await wait(100)
  )
    await customers.buy(service);
  if (!/Another service runs on the ledger[\s\S]*Mintmark did not start/.test(other.err))
    customers.faults.push(`the second service said: ${other.err}`);
  const lock = new Database(ledgerOf(machine));
  lock.exec('BEGIN IMMEDIATE');
  const under = customers.buy(service, 4);
  await wait(LOCKED);
  await Promise.race([under, wait(LOCKED)]);
  lock.exec('ROLLBACK');
  lock.close();
  await under;
  if (customers.refused === 0) customers.faults.push('the lock was not felt');
  await customers.readLog(service);
  await customers.recover(service);
  note(tools, 'a second process', customers);
  await other.kill();
  await service.ran.kill();
  await customers.look(machine, machine.path('data'));
  return customers.faults;
}

function note(tools: Tools, what: string, { answered, refused, cut }: Customers): void {
  tools.note(`${what}: ${answered.size} answered, ${refused} refused, ${cut} cut off`);
}
