/**
 * The CPU time that stories take: the 150 stories of each of two shops that `npm test` plays take less than 15 seconds together.
 * It is the thread's own time, so neither waiting nor other tests count.
 */
import { availableParallelism, loadavg } from 'node:os';

/** Of both, on processors with at most twice as many processes as they can run. */
export const CPU_SECONDS = 15;

/** At most as much more where the processors are fuller: 150 stories took 11.4 seconds at a load of 3 on two, and 18 at a load of 16. */
const MOST = 2;

/** The limit at a load, as `uptime` shows it: processes that share a processor empty its caches. */
export function cpuLimit(load = loadavg()[0] ?? 0): number {
  const fullness = load / availableParallelism() / 2;
  return CPU_SECONDS * Math.min(Math.max(fullness, 1), MOST);
}

/** Calls a function, and returns its result with the CPU time of this thread, in seconds. */
export async function withCpuTime<T>(act: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const before = process.threadCpuUsage();
  const result = await act();
  const { user, system } = process.threadCpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}
