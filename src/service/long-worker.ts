/** The thread of long-work.ts: does one task, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { backUpKeys, backUpShop } from '../backup/shop.ts';
import { AppError } from '../errors.ts';
import type { Config } from './config.ts';
import { checkLedgerOf } from './ledger-files.ts';
import type { LongMessage, LongResult, LongTask, LongWork } from './long-work.ts';

/** Faults that are told word by word. */
const MOST_TOLD = 10;

const { config: carried, task } = workerData as LongWork;
const { variables, ...plain } = carried;
const config: Config = {
  ...plain,
  accounts: [],
  mail: undefined,
  variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
};

const tell = (message: LongMessage) => parentPort?.postMessage(message);

try {
  tell({ result: await work(task) });
} catch (error) {
  const code = error instanceof AppError ? error.code : undefined;
  tell({ code, fault: error instanceof Error ? error.message : String(error) });
}

async function work(wanted: LongTask): Promise<LongResult> {
  if (wanted.what === 'check') return check();
  if (wanted.kind === 'keys') backUpKeys({ config, ...wanted });
  else await backUpShop({ config, ...wanted });
  return { licenses: 0, faults: 0, first: [] };
}

async function check(): Promise<LongResult> {
  const run = checkLedgerOf(config, (done, all) => tell({ done, all }));
  const first: string[] = [];
  let faults = 0;
  let step = await run.next();
  while (!step.done) {
    faults += 1;
    if (first.length < MOST_TOLD) first.push(`${step.value.where}: ${step.value.fault}`);
    step = await run.next();
  }
  return { licenses: step.value.licenses, faults, first };
}
