/**
 * Preloaded into the service of a soak, in place of the bench's meter: tells on demand how the process did since the
 * last question, read inside it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Pulse {
  /** Bytes of resident memory, the mean of a sample a second since the last question. */
  readonly resident: number;
  /** Bytes in use after a collection; 0 where none was asked for. */
  readonly used: number;
  /** Microseconds of CPU since the start, of all threads. */
  readonly cpu: number;
  /** Milliseconds that a timer waited beyond its time. */
  readonly loopP99: number;
  readonly loopMax: number;
}

/** Milliseconds from one look at the event loop to the next. Node.js counts them as part of the delay. */
const RESOLUTION = 10;
const SAMPLE_MILLISECONDS = 1000;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
delay.enable();
let samples: number[] = [];
setInterval(() => samples.push(process.memoryUsage.rss()), SAMPLE_MILLISECONDS).unref();

process.on('message', (question: { readonly collect?: boolean }) => {
  const { user, system } = process.cpuUsage();
  if (samples.length === 0) samples.push(process.memoryUsage.rss());
  const pulse: Pulse = {
    resident: samples.reduce((sum, value) => sum + value, 0) / samples.length,
    cpu: user + system,
    used: question.collect ? usedMemory() : 0,
    loopP99: beyond(delay.percentile(99)),
    loopMax: beyond(delay.max),
  };
  samples = [];
  delay.reset();
  process.send?.(pulse);
});

// The soak has ended, however it did.
process.once('disconnect', () => process.exit(0));

function usedMemory(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function beyond(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION);
}
