/** A proxy in front of PostgreSQL that breaks connections at a COMMIT. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Owner } from '../kit/service.ts';

/**
 * Cut before the COMMIT arrives, once it was sent, before its answer arrives, in the middle of the answer; or silent, and never
 * closed.
 */
export type Break = 'before' | 'sent' | 'after' | 'half' | 'silent';

export interface Cutter {
  /** The URL through the proxy of a URL of the database. */
  through(url: string): string;
  /** From now on every other COMMIT, or each of so many, is broken, by each way in turns. */
  start(): void;
  stop(): void;
  /**
   * Loses the answer of the next write: the database has done it, `meanwhile` ends, and then the connection is cut. A write
   * is a COMMIT with what it commits, of a transaction that was begun before, or a statement alone that writes.
   */
  loseNext(meanwhile: () => Promise<unknown>): void;
  /** Refuses so many of the next connections. */
  refuseNext(connections: number): void;
  readonly cuts: Record<Break, number>;
}

/** The bytes of a COMMIT alone, at most. */
const MESSAGES_OF_COMMIT = 100;

export async function startCutter(
  owner: Owner,
  url: string,
  ways: readonly Break[] = ['before', 'after'],
  every = 2,
): Promise<Cutter> {
  const folder = mkdtempSync(join(tmpdir(), 'mintmark-cutter-'));
  const server = join(new URL(url, 'postgres://x').searchParams.get('host') ?? '', '.s.PGSQL.5432');
  const cuts = { before: 0, sent: 0, after: 0, half: 0, silent: 0 };
  let isCutting = false;
  let commits = 0;
  const sockets = new Set<Socket>();
  let losing: (() => Promise<unknown>) | undefined;
  let refusals = 0;
  const proxy = createServer((client) => {
    if (refusals > 0) {
      refusals -= 1;
      client.destroy();
      return;
    }
    const upstream = dial(server);
    let way: Break | undefined;
    let isCommitting = false;
    let isLosing = false;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.on('data', (bytes) => {
      if (way === 'silent') return;
      isCommitting =
        bytes.includes('COMMIT\0') && !bytes.includes('BEGIN') && bytes.length > MESSAGES_OF_COMMIT;
      // The statement itself, not a text that has the word.
      if (isCutting && bytes.includes('COMMIT\0')) {
        commits += 1;
        way = commits % every === 1 ? ways[((commits - 1) / every) % ways.length] : undefined;
        if (way !== undefined) cuts[way] += 1;
        if (way === 'before') return cut();
      }
      upstream.write(bytes);
      if (way === 'sent') cut();
    });
    upstream.on('data', (bytes) => {
      if (way === 'silent' || isLosing) return;
      const isWrite = isCommitting
        ? bytes.includes('COMMIT\0')
        : /(?:INSERT 0|UPDATE) [1-9]/.test(String(bytes));
      if (isWrite && losing !== undefined) {
        const meanwhile = losing;
        losing = undefined;
        isLosing = true;
        void meanwhile().finally(cut);
        return;
      }
      if (way !== undefined && bytes.includes('COMMIT')) {
        if (way === 'half') client.write(bytes.subarray(0, bytes.indexOf('COMMIT') + 3));
        return cut();
      }
      client.write(bytes);
    });
  });
  owner.teardown(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve) => proxy.listen(join(folder, '.s.PGSQL.5433'), resolve));
  return {
    through: (given) =>
      given.replace(/host=[^&]*/, `host=${encodeURIComponent(folder)}`).replace('port=5432', 'port=5433'),
    start: () => {
      isCutting = true;
    },
    stop: () => {
      isCutting = false;
    },
    loseNext: (meanwhile) => {
      losing = meanwhile;
    },
    refuseNext: (connections) => {
      refusals = connections;
    },
    cuts,
  };
}
