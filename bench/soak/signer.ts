/** Signs orders ahead in its own thread: signing takes longer than the service's answer. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { orderRequest } from '../orders.ts';

export interface SignedOrder {
  readonly index: number;
  readonly request: Buffer;
}

/** Orders that are signed at once. */
const BATCH = 50;
/** Enough for a measurement: nothing is signed meanwhile, since there is no core for it. */
const FULL = 5000;
const LOW = 1500;

/** Orders by index from 0 on, each once. */
export class OrderStock {
  readonly #worker: Worker;
  readonly #orders: SignedOrder[] = [];
  #awaited = false;
  #next = 0;
  #enough = LOW;

  constructor(privateKeyFile: string) {
    this.#worker = new Worker(import.meta.filename, { workerData: { privateKeyFile } });
    this.#worker.on('message', (requests: readonly Uint8Array[]) => {
      for (const bytes of requests) {
        const request = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        this.#orders.push({ index: this.#next++, request });
      }
      this.#awaited = false;
      this.#refill();
    });
    this.#refill();
  }

  /** Undefined where signing is too slow. */
  take(): SignedOrder | undefined {
    this.#refill();
    return this.#orders.shift();
  }

  /** Resolves when the stock is full. */
  async full(): Promise<void> {
    this.#enough = FULL;
    this.#refill();
    while (this.#orders.length < FULL) await new Promise((resolve) => setTimeout(resolve, 50));
    this.#enough = LOW;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #refill(): void {
    if (this.#awaited || this.#orders.length >= this.#enough) return;
    this.#awaited = true;
    this.#worker.postMessage(this.#next);
  }
}

parentPort?.on('message', (first: number) => {
  parentPort?.postMessage(
    Array.from({ length: BATCH }, (_, place) => orderRequest(first + place, privateKey())),
  );
});

let key: ReturnType<typeof createPrivateKey> | undefined;
function privateKey() {
  key ??= createPrivateKey(readFileSync(workerData.privateKeyFile));
  return key;
}
