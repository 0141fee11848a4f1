/** The worker thread of reads: answers one call at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { type CallName, callsOn } from './calls.ts';

export interface Call {
  readonly id: number;
  readonly name: CallName;
  readonly given: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly fault: string };

const calls = callsOn(workerData);

parentPort?.on('message', async ({ id, name, given }: Call) => {
  let reply: Reply;
  try {
    const act = calls[name] as (...given: readonly unknown[]) => unknown;
    reply = { id, result: await act(...given) };
  } catch (error) {
    reply = { id, fault: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
