/** The client, in its own process: signs orders, sends them, checks the replies. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Connection, Reply } from './connection.ts';
import { BATCH, eventsRequest } from './events.ts';
import { type CheckReply, openConnections, run } from './load.ts';
import { HELLO_REQUEST, orderRequest } from './orders.ts';
import { percentile } from './statistics.ts';

export type Kind = 'hello' | 'new orders' | 'repeats' | 'events' | 'batches';

/** The commands of the client: prepare, then go. */
export type ClientTask =
  | {
      readonly task: 'prepare';
      readonly kind: Kind;
      readonly port: number;
      readonly connections: number;
      /** The orders by index, `count` from `first` on. */
      readonly first: number;
      readonly count: number;
    }
  | { readonly task: 'go' };

export type ClientAnswer =
  /** Microseconds of the client's CPU so far, in both. */
  | { readonly state: 'ready'; readonly cpu: number }
  | {
      readonly state: 'done';
      readonly cpu: number;
      readonly seconds: number;
      readonly requests: number;
      /** Milliseconds. */
      readonly p50: number;
      readonly p99: number;
    };

const CODE = /^[0-9A-HJKMNP-TV-Z]{160}$/m;

const privateKey = createPrivateKey(readFileSync(process.env['BENCH_PRIVATE_KEY_FILE'] ?? ''));
const signed: Buffer[] = [];
/** The replies to the last new orders, by index: a repeat must get the same reply. */
const firstReplies = new Map<number, string>();

let prepared: { connections: Connection[]; requests: Buffer[]; check: CheckReply } | undefined;

process.on('message', async (task: ClientTask) => {
  try {
    process.send?.(task.task === 'prepare' ? await prepare(task) : await go());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  }
});
process.once('disconnect', () => process.exit(0));

async function prepare(task: ClientTask & { task: 'prepare' }): Promise<ClientAnswer> {
  const { kind, port, connections, first, count } = task;
  const requests = Array.from({ length: count }, (_, place) => requestOf(kind, first + place));
  if (kind === 'new orders') firstReplies.clear();
  prepared = {
    connections: await openConnections(port, connections),
    requests,
    check: checkFor(kind, first),
  };
  return { state: 'ready', cpu: usedCpu() };
}

async function go(): Promise<ClientAnswer> {
  if (prepared === undefined) throw new TypeError('go before prepare');
  const { connections, requests, check } = prepared;
  const { seconds, latencies } = await run(connections, requests, check);
  const cpu = usedCpu();
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  return { state: 'done', cpu, seconds, requests: latencies.length, p50, p99 };
}

function requestOf(kind: Kind, index: number): Buffer {
  if (kind === 'hello') return HELLO_REQUEST;
  if (kind === 'events') return eventsRequest('single', index, 1);
  return kind === 'batches' ? eventsRequest('batch', index, BATCH) : signedOrder(index);
}

function signedOrder(index: number): Buffer {
  signed[index] ??= orderRequest(index, privateKey);
  return signed[index];
}

function checkFor(kind: Kind, first: number): CheckReply {
  return (place, reply) => {
    if (reply.status !== 200) throw new Error(`the answer is ${reply.status}: ${reply.body}`);
    if (kind === 'hello') return;
    if (kind === 'events' || kind === 'batches') return checkDone(reply);
    checkCode(reply);
    const index = first + place;
    if (kind === 'new orders') firstReplies.set(index, reply.body);
    else if (firstReplies.get(index) !== reply.body) throw new Error('a repeat got another reply');
  };
}

function checkCode({ body }: Reply): void {
  if (!CODE.test(body)) throw new Error(`there is no code of 160 characters in the reply:\n${body}`);
}

function checkDone({ body }: Reply): void {
  if (body !== 'done\n') throw new Error(`the events are not all done:\n${body}`);
}

function usedCpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
