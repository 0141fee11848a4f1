/**
 * 64 slow downloads beside sales: a sale waits no longer than alone. A twin of the service without downloads sells at the same
 * moments, so that whatever else the machine does slows both.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { Machine, type RunningService } from '../kit/machine.ts';
import { Buyers } from './kit/buyers.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

const DOWNLOADS = 64;
/** Downloads of a license at once. */
const OF_LICENSE = 4;
/** So much that none of them ends during a round. */
const FILE_BYTES = 250_000_000;
/** Milliseconds between two sales, of a round, and before the first. */
const SALE_EVERY = 20;
const ROUND = 8_000;
const WARM = 4_000;
const SETTINGS = { LOG_LEVEL: 'silent', PUBLIC_URL: 'http://localhost:8787' };
/** As the issue asks; and what a timer of a shared machine is unsure of, in milliseconds. */
const MOST = 1.2;
const UNSURE = 0.5;
/** Milliseconds: where even the twin's sales wait longer, other processes decide. Such a round is tried again. */
const TOO_BUSY = 250;
const TRIES = 4;
/** What downloads cost shows in each series of rounds; another process's work does not. A control needs one. */
const SERIES = 3;

/**
 * The thread stands still rather than calculates, which would slow the twin on the same processors too; and for so long at
 * once, about once a second, that a noisy machine does not hide it.
 */
export const WORKS_ON_EACH_PIECE: Weakness = {
  file: 'src/downloads/send-file.ts',
  changes: [
    [
      '    sent = opened;',
      `    sent = opened;
      opened.on('data', () => {
        globalThis.pieces = (globalThis.pieces ?? 0) + 1;
        if (globalThis.pieces % 400 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      });`,
    ],
  ],
};

export const slowDownloads: Proof = {
  title: `${DOWNLOADS} slow downloads beside sales: their p99 is within ${MOST} of that alone`,
  unit: 'rounds',
  quick: 3,
  full: 20,
  run: (rounds, tools) => measure(rounds, tools),
  controls: [
    {
      title: 'the thread of sales works on the pieces of files',
      run: (tools) => measure(1, tools, WORKS_ON_EACH_PIECE),
    },
  ],
};

async function measure(rounds: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const around = weakness === undefined ? {} : weakened(weakness);
  const machine = new Machine(tools, SETTINGS);
  const service = await machine.start(around);
  const twin = await new Machine(tools, SETTINGS).start(around);
  const file = machine.path('Example-1.dmg');
  writeFileSync(file, randomBytes(FILE_BYTES));
  const added = await machine.cli('releases', 'add', 'example', '1.0', file);
  if ((await added.ended) !== 0) throw new Error(added.err);
  const [sellers, alone] = [new Buyers(service, 8), new Buyers(twin, 8)];
  const urls = await linksOf(service, sellers);
  const violations: string[] = [];
  const clients = machine.spawn('test/proof/slow-downloads/clients.ts', urls);
  const open = Number(await clients.said(/^open (\d+)$/m));
  if (open !== DOWNLOADS) violations.push(`only ${open} downloads are open`);
  // The first pieces fill the buffers of all connections at once.
  await sell({ beside: sellers, alone }, 'warm', WARM);
  let told = Number.POSITIVE_INFINITY;
  const most = weakness === undefined ? SERIES : 1;
  for (let series = 0; series < most && told > MOST; series++)
    told = await medianOf(rounds, { beside: sellers, alone }, `s${series}`, tools);
  if (told > MOST) violations.push(`a sale's p99 is ${told.toFixed(2)} times that alone`);
  await Promise.all([clients.kill(), service.ran.kill(), twin.ran.kill()]);
  return { done: rounds, violations };
}

/** The median of the rounds: p99 of a sale beside the downloads, in that of the twin. */
async function medianOf(rounds: number, buyers: Both<Buyers>, name: string, tools: Tools): Promise<number> {
  const ratios: number[] = [];
  for (let tries = 0; ratios.length < rounds && tries < rounds * TRIES; tries++) {
    const both = await sell(buyers, `${name}-${tries}`);
    const [p99, twins] = [p99Of(both.beside), p99Of(both.alone)];
    const isTold = twins <= TOO_BUSY;
    tools.note(
      `p99 of a sale ${p99.toFixed(1)} ms beside ${DOWNLOADS} downloads, ${twins.toFixed(1)} ms alone${isTold ? '' : ': too busy to tell'}`,
    );
    if (isTold) ratios.push((p99 - UNSURE) / twins);
  }
  if (ratios.length < rounds)
    throw new Error(`the machine was too busy to tell: ${ratios.length} of ${rounds} rounds`);
  return ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.POSITIVE_INFINITY;
}

/** Links of as many licenses as so many downloads need. */
async function linksOf(service: RunningService, buyers: Buyers): Promise<readonly string[]> {
  const urls: string[] = [];
  for (let license = 0; urls.length < DOWNLOADS; license++) {
    const { text } = await buyers.order(`d${license}`);
    const [code] = findCodes(text);
    const answer = await buyers.post('/v1/downloads', JSON.stringify({ code }), {
      'content-type': 'application/json',
    });
    const { releases } = JSON.parse(answer.text);
    const { pathname } = new URL(releases[0].files[0].url);
    urls.push(...Array.from({ length: OF_LICENSE }, () => service.url + pathname));
  }
  return urls;
}

type Both<T> = Readonly<Record<'beside' | 'alone', T>>;

/** Sales of both come by the clock, in turns. Milliseconds of each. */
async function sell(buyers: Both<Buyers>, name: string, duration = ROUND): Promise<Both<readonly number[]>> {
  const times = { beside: [] as number[], alone: [] as number[] };
  const under: Promise<void>[] = [];
  const begin = performance.now();
  for (let number = 0; number * SALE_EVERY < duration; number++) {
    await wait(Math.max(0, begin + number * SALE_EVERY - performance.now()));
    for (const which of number % 2 === 0 ? (['beside', 'alone'] as const) : (['alone', 'beside'] as const)) {
      const start = performance.now();
      const asked = buyers[which].order(`${name}-${number}`).then(({ status }) => {
        if (status !== 200) throw new Error(`a sale was answered ${status}`);
        times[which].push(performance.now() - start);
      });
      under.push(asked);
    }
  }
  await Promise.all(under);
  return times;
}

function p99Of(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY;
}
