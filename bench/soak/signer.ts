/** Signs orders ahead, in a thread of its own: a signature of a marketplace's takes longer than an answer to it. */
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
/** As many as a measurement takes: nothing is signed during one, as there is no core for it. */
const FULL = 5000;
const LOW = 1500;

/** Orders by their indexes from 0 on, each once. */
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

  /** Undefined where the signing has not kept pace. */
  take(): SignedOrder | undefined {
    this.#refill();
    return this.#orders.shift();
  }

  /** Resolves when it is full. */
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
