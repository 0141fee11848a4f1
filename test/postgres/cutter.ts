/** A proxy in front of PostgreSQL that cuts connections at a COMMIT, before it arrives or before its answer does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

export interface Cutter {
  /** The URL through the proxy of a URL of the database. */
  through(url: string): string;
  /** From now on every other COMMIT is cut, in turns before and after it arrives. */
  start(): void;
  stop(): void;
  readonly cuts: { before: number; after: number };
}

export function startCutter(t: ExecutionContext, url: string): Promise<Cutter> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-cutter-'));
  const server = join(new URL(url, 'postgres://x').searchParams.get('host') ?? '', '.s.PGSQL.5432');
  const cuts = { before: 0, after: 0 };
  let isCutting = false;
  let commits = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = dial(server);
    let isAwaited = false;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.on('data', (bytes) => {
      if (isCutting && bytes.includes('COMMIT')) {
        commits += 1;
        if (commits % 4 === 1) {
          cuts.before += 1;
          return cut();
        }
        isAwaited = commits % 4 === 3;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (isAwaited && bytes.includes('COMMIT')) {
        cuts.after += 1;
        return cut();
      }
      client.write(bytes);
    });
  });
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const cutter: Cutter = {
    through: (given) => given.replace(/host=[^&]*/, `host=${encodeURIComponent(folder)}&port=5433`),
    start: () => {
      isCutting = true;
    },
    stop: () => {
      isCutting = false;
    },
    cuts,
  };
  return new Promise((resolve) => {
    proxy.listen(join(folder, '.s.PGSQL.5433'), () => resolve(cutter));
  });
}
