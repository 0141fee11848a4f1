/**
 * Preloaded into the service of a soak instead of the bench's meter: reports the process's figures since the last
 * question, read inside the process.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Pulse {
  /** Bytes of resident memory: the mean of one sample a second since the last question. */
  readonly resident: number;
  /** Bytes in use after a collection; 0 where no collection was requested. */
  readonly used: number;
  /** Microseconds of CPU since the start, of all threads. */
  readonly cpu: number;
  /** Milliseconds of a timer's delay. */
  readonly loopP99: number;
  readonly loopMax: number;
}

/** Milliseconds between two samples of the event loop. Node.js counts them as part of the delay. */
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

// The soak has ended, for whatever reason.
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
