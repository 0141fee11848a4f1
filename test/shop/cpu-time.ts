/**
 * The CPU time that stories take: the 150 stories of each of two shops that `npm test` plays take less than 15 seconds together.
 * It is the thread's own time, so neither waiting nor other tests count.
 */
import { availableParallelism, loadavg } from 'node:os';

/** Of both, on processors with no more processes than they can run. */
export const CPU_SECONDS = 15;

/** At most as much more where the processors are fuller: they took 13.9 seconds at a load of 3 on two, and 16.7 at one of 6. */
const MOST = 2;

/** The limit at a load, as `uptime` shows it: processes that share a processor empty its caches. */
export function cpuLimit(load = loadavg()[0] ?? 0): number {
  const fullness = load / availableParallelism();
  return CPU_SECONDS * Math.min(Math.max(fullness, 1), MOST);
}

/** Calls a function, and returns its result with the CPU time of this thread, in seconds. */
export async function withCpuTime<T>(act: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const before = process.threadCpuUsage();
  const result = await act();
  const { user, system } = process.threadCpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}
