/** Work that reads the whole ledger, in a thread of its own: no sale waits for it. */
import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from '../errors.ts';
import { type Config, SECRET_NAMES, SETTING_NAMES } from './config.ts';

/** The published package is compiled. */
const WORKER = import.meta.url.endsWith('.js') ? 'long-worker.js' : 'long-worker.ts';

export type LongTask =
  | { readonly what: 'check' }
  | {
      readonly what: 'backup';
      readonly kind: 'keys' | 'shop';
      readonly file: string;
      readonly passphrase: string;
      /** Milliseconds since 1970-01-01. */
      readonly now: number;
    };

export interface LongResult {
  readonly licenses: number;
  readonly faults: number;
  /** The first of them. */
  readonly first: readonly string[];
}

/** Settings as they can be sent to a thread. */
export interface CarriedConfig extends Omit<Config, 'variable' | 'accounts' | 'mail'> {
  readonly variables: Readonly<Record<string, string>>;
}

export type LongMessage =
  | { readonly done: number; readonly all: number }
  | { readonly result: LongResult }
  | { readonly code: ErrorCode | undefined; readonly fault: string };

export interface LongWork {
  readonly config: CarriedConfig;
  readonly task: LongTask;
}

/** Rejects with AppError, or with the error of the thread. */
export function workLong(
  config: Config,
  task: LongTask,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<LongResult> {
  const workerData: LongWork = { config: carried(config), task };
  const worker = new Worker(new URL(WORKER, import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: LongMessage) => {
      if ('done' in message) onProgress(message.done, message.all);
      else if ('result' in message) resolve(message.result);
      else if (message.code === undefined) reject(new Error(message.fault));
      else reject(new AppError(message.code, message.fault));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('The thread ended before its work.')));
  });
}

function carried({ variable, accounts: _, mail: __, ...plain }: Config): CarriedConfig {
  const names = [...SETTING_NAMES, ...SECRET_NAMES.map((name) => `${name}_FILE`)];
  const variables = names.flatMap((name) => {
    const value = variable(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...plain, variables: Object.fromEntries(variables) };
}
