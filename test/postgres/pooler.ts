/**
 * A pooler in transaction mode, as PgBouncer before 1.21 is one: few connections to the server, each of which serves a
 * client for one transaction. It knows nothing of prepared statements.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Owner } from '../kit/service.ts';

/** Types of messages of the protocol (postgresql.org, 55.7). */
const READY = 'Z';
const KEY_DATA = 'K';
const TERMINATE = 'X';

interface Backend {
  readonly socket: Socket;
  client: Client | undefined;
  rest: Buffer;
  isNew: boolean;
}

interface Client {
  readonly socket: Socket;
  rest: Buffer;
  backend: Backend | undefined;
  /** Messages for a backend, while there is none. */
  waiting: Buffer[];
  /** Messages that are answered by one READY each. */
  open: number;
}

export interface Pooler {
  /** The URL through the pooler of a URL of the database, without options, which poolers refuse. */
  through(url: string): string;
  /** How often a connection of the server went to another client. */
  readonly turns: { count: number };
}

export async function startPooler(owner: Owner, url: string, size: number): Promise<Pooler> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-pooler-'));
  const params = new URL(url, 'postgres://x').searchParams;
  const server = join(params.get('host') ?? '', '.s.PGSQL.5432');
  const idle: Backend[] = [];
  const queue: Client[] = [];
  const sockets = new Set<Socket>();
  const turns = { count: 0 };
  let greeting: Buffer | undefined;
  let backends = 0;

  const serve = () => {
    while (queue.length > 0 && idle.length > 0) {
      const [client, backend] = [queue.shift(), idle.pop()];
      if (client === undefined || backend === undefined) return;
      turns.count += 1;
      client.backend = backend;
      backend.client = client;
      for (const bytes of client.waiting.splice(0)) backend.socket.write(bytes);
    }
  };
  /** `startup`: of the first client; all clients are the same role. */
  const open = (startup: Buffer) => {
    backends += 1;
    const socket = dial(server);
    sockets.add(socket);
    const backend: Backend = { socket, client: undefined, rest: Buffer.alloc(0), isNew: true };
    let greeted: Buffer[] = [];
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      backend.rest = Buffer.concat([backend.rest, bytes]);
      for (let message = take(backend); message !== undefined; message = take(backend)) {
        const type = String.fromCharCode(message[0] ?? 0);
        if (backend.isNew) {
          greeted.push(type === KEY_DATA ? withOtherKey(message) : message);
          if (type !== READY) continue;
          backend.isNew = false;
          greeting ??= Buffer.concat(greeted);
          greeted = [];
          release(backend);
          continue;
        }
        const { client } = backend;
        client?.socket.write(message);
        if (client === undefined || type !== READY) continue;
        client.open -= 1;
        if (client.open === 0 && String.fromCharCode(message[5] ?? 0) === 'I') release(backend);
      }
    });
    socket.write(startup);
  };
  const release = (backend: Backend) => {
    if (backend.client !== undefined) backend.client.backend = undefined;
    backend.client = undefined;
    idle.push(backend);
    serve();
  };

  const pooler = createServer((socket) => {
    sockets.add(socket);
    const client: Client = { socket, rest: Buffer.alloc(0), backend: undefined, waiting: [], open: 0 };
    let isGreeted = false;
    socket.on('error', () => {});
    socket.on('close', () => {
      // A backend in the middle of a transaction would serve nobody else.
      client.backend?.socket.destroy();
    });
    socket.on('data', (bytes) => {
      client.rest = Buffer.concat([client.rest, bytes]);
      if (!isGreeted) {
        const length = client.rest.length < 4 ? Number.POSITIVE_INFINITY : client.rest.readInt32BE(0);
        if (client.rest.length < length) return;
        const startup = client.rest.subarray(0, length);
        client.rest = client.rest.subarray(length);
        isGreeted = true;
        while (backends < size) open(startup);
        const greet = () => (greeting === undefined ? setTimeout(greet, 5) : socket.write(greeting));
        greet();
      }
      for (let message = take(client); message !== undefined; message = take(client)) {
        const type = String.fromCharCode(message[0] ?? 0);
        if (type === TERMINATE) return void socket.end();
        if (type === 'S' || type === 'Q') client.open += 1;
        if (client.backend !== undefined) client.backend.socket.write(message);
        else {
          client.waiting.push(message);
          if (!queue.includes(client)) queue.push(client);
        }
      }
      serve();
    });
  });
  owner.teardown(() => {
    for (const socket of sockets) socket.destroy();
    pooler.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve) => pooler.listen(join(folder, '.s.PGSQL.5432'), resolve));
  return {
    through: (given) =>
      given.replace(/host=[^&]*/, `host=${encodeURIComponent(folder)}`).replace(/&options=[^&]*/, ''),
    turns,
  };
}

/** The next whole message; the rest stays. */
function take(from: { rest: Buffer }): Buffer | undefined {
  if (from.rest.length < 5) return undefined;
  const length = from.rest.readInt32BE(1) + 1;
  if (from.rest.length < length) return undefined;
  const message = from.rest.subarray(0, length);
  from.rest = from.rest.subarray(length);
  return message;
}

/** As a pooler has numbers of its own for its clients. */
function withOtherKey(message: Buffer): Buffer {
  const other = Buffer.from(message);
  other.writeInt32BE(1_000_000_000, 5);
  return other;
}
