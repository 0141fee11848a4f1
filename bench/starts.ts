/** Mintmark's start time and idle memory. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MINTMARK } from './contenders.ts';
import { orderRequest } from './orders.ts';
import { ServerProcess } from './server-process.ts';
import type { Stage } from './stage.ts';

/** The work after the start is done by then. */
const REST_MILLISECONDS = 1000;

export interface Start {
  /** Milliseconds from the spawn to the reply to the first order, with a new ledger. */
  readonly firstReply: number;
  /** Bytes of resident memory after that, idle. */
  readonly idleMemory: number;
}

export async function measureStarts(stage: Stage, count: number): Promise<readonly Start[]> {
  const request = orderRequest(0, createPrivateKey(readFileSync(stage.privateKeyFile)));
  const starts: Start[] = [];
  for (let number = 1; number <= count; number++) {
    const dataDir = stage.dataDir(`start-${number}`);
    const begin = performance.now();
    const server = await ServerProcess.start(stage, { name: 'start', program: MINTMARK, dataDir });
    await server.firstReply(request);
    const firstReply = performance.now() - begin;
    await new Promise((resolve) => setTimeout(resolve, REST_MILLISECONDS));
    starts.push({ firstReply, idleMemory: (await server.read()).memory });
    await server.stop();
  }
  return starts;
}
