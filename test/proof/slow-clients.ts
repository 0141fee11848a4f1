/** Clients that send a byte a second, or stop sending: others do not notice, and a stop does not wait for them. */
import { Agent, request } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Machine, type RunningService } from '../kit/machine.ts';
import { findingsOf, ledgerOf, missingFrom } from './kit/check.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

const SLOW = 500;
const HALF_OPEN = 500;
/** Seconds of load: once in full; otherwise slightly longer than the head's timeout, when the first are cut. */
const LONG = 30;
const SHORT = 11;
/** Milliseconds. */
const HONEST_EVERY = 40;
const HONEST_P99 = 1000;
const STOP = 10_000;

export const FEW_CONNECTIONS: Weakness = {
  file: 'src/http/edge/server.ts',
  changes: [['maxConnections: 4_096', 'maxConnections: 600']],
};
export const WAITS_FOR_ALL: Weakness = {
  file: 'src/service/listening.ts',
  changes: [['const STOP_MILLISECONDS = 9_000;', 'const STOP_MILLISECONDS = 90_000;']],
};

export const slowClients: Proof = {
  title: `${SLOW} slow and ${HALF_OPEN} half-open clients: honest p99 under 1 s, SIGTERM meanwhile done in 10 s`,
  unit: 'runs',
  quick: 1,
  full: 10,
  async run(runs, tools) {
    const violations: string[] = [];
    for (let run = 0; run < runs; run++) {
      const seconds = run === 0 && runs > 1 ? LONG : SHORT;
      violations.push(...(await crowd(seconds, tools)).map((fault) => `run ${run}: ${fault}`));
    }
    return { done: runs, violations };
  },
  controls: [
    { title: 'as few connections as the slow ones take', run: (tools) => weak(FEW_CONNECTIONS, 2, tools) },
    { title: 'a stop that waits for everybody', run: (tools) => weak(WAITS_FOR_ALL, 1, tools) },
  ],
};

async function weak(weakness: Weakness, seconds: number, tools: Tools): Promise<Outcome> {
  return { done: 1, violations: await crowd(seconds, tools, weakness) };
}

async function crowd(seconds: number, tools: Tools, weakness?: Weakness): Promise<string[]> {
  const machine = new Machine(tools, { LOG_LEVEL: 'silent' });
  const service = await machine.start(weakness === undefined ? {} : weakened(weakness));
  const idlers = new Idlers(service);
  tools.teardown(() => idlers.leave());
  for (let number = 0; number < SLOW + HALF_OPEN; number++) idlers.come(number < SLOW);
  // All of them are connected before the measurement.
  await wait(1500);
  const violations: string[] = [];
  const answered = new Map<string, string>();
  const times: number[] = [];
  const kept = new Agent({ keepAlive: true });
  const fresh = new Agent({ keepAlive: false });
  const under: Promise<void>[] = [];
  const end = performance.now() + seconds * 1000;
  for (let number = 0; performance.now() < end; number++) {
    const order = `h${number}`;
    const start = performance.now();
    const asked = buy(service, order, number % 2 === 0 ? kept : fresh).then(
      ({ status, text }) => {
        if (status === 200) answered.set(order, text);
        else violations.push(`${order} got ${status}`);
      },
      (error) => void violations.push(`${order} was not answered: ${String(error)}`),
    );
    under.push(asked.finally(() => times.push(performance.now() - start)));
    await wait(HONEST_EVERY);
  }
  await Promise.all(under);
  const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY;
  if (p99 > HONEST_P99) violations.push(`honest clients wait ${Math.round(p99)} ms (p99)`);
  // A control has found enough: a stop takes ten seconds.
  if (weakness !== undefined && violations.length > 0) return violations;
  const { held, cut } = idlers;
  if (held < (SLOW + HALF_OPEN) / 2)
    violations.push(`only ${held} idle connections are held: nothing is proved`);
  const stopped = performance.now();
  service.ran.child.kill('SIGTERM');
  const status = await Promise.race([service.ran.ended, wait(STOP).then(() => 'still there')]);
  const stop = performance.now() - stopped;
  if (status !== 0) violations.push(`${Math.round(stop)} ms after SIGTERM: ${status}`);
  idlers.leave();
  kept.destroy();
  await service.ran.kill();
  for (const order of missingFrom(ledgerOf(machine), answered)) violations.push(`${order} is lost`);
  violations.push(...(await findingsOf(machine)));
  tools.note(
    `${held} idle connections held, ${cut} cut; ${answered.size} honest orders, p99 ${Math.round(p99)} ms; stopped in ${Math.round(stop)} ms`,
  );
  return violations;
}

const HEAD = 'POST /fulfillment/paddle-classic/example HTTP/1.1\r\nHost: a\r\nContent-Type: ';
const BODY_TO_COME = `${HEAD}application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\n`;

/** They reconnect after a cut until they are told to leave. */
class Idlers {
  /** Connections that the service cut. */
  cut = 0;
  readonly #port: number;
  readonly #there = new Map<Socket, string>();
  readonly #clock;
  #left = false;

  constructor({ url }: RunningService) {
    this.#port = Number(new URL(url).port);
    this.#clock = setInterval(() => this.#sendAll(), 1000);
  }

  get held(): number {
    return [...this.#there.keys()].filter(({ readyState }) => readyState === 'open').length;
  }

  /** A slow client sends head or body byte by byte; a half-open client sends a part of the head, or nothing. */
  come(isSlow: boolean): void {
    if (this.#left) return;
    const socket = createConnection(this.#port, '127.0.0.1');
    const isOdd = this.#there.size % 2 === 1;
    const [first, rest] = isSlow
      ? isOdd
        ? [BODY_TO_COME, 'a'.repeat(4000)]
        : ['', HEAD]
      : [isOdd ? HEAD : '', ''];
    this.#there.set(socket, rest);
    if (first !== '') socket.write(first);
    socket.on('error', () => {});
    socket.resume();
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      this.#there.delete(socket);
      if (this.#left) return;
      this.cut += 1;
      // With a delay, so that a refusing service is not flooded.
      setTimeout(() => this.come(isSlow), 200);
    });
  }

  leave(): void {
    this.#left = true;
    clearInterval(this.#clock);
    for (const socket of this.#there.keys()) socket.destroy();
  }

  #sendAll(): void {
    for (const [socket, rest] of this.#there) {
      if (rest === '' || socket.readyState !== 'open') continue;
      socket.write(rest.slice(0, 1));
      this.#there.set(socket, rest.slice(1));
    }
  }
}

function buy(
  service: RunningService,
  order: string,
  agent: Agent,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const call = request(`${service.url}/fulfillment/paddle-classic/example`, {
      method: 'POST',
      agent,
      headers,
    });
    call.on('error', reject);
    call.on('response', async (response) => {
      try {
        let text = '';
        for await (const part of response.setEncoding('utf8')) text += part;
        resolve({ status: response.statusCode ?? 0, text });
      } catch (error) {
        reject(error);
      }
    });
    call.end(service.form(order));
  });
}
