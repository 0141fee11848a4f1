/** The CPU that other processes use during a measurement. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** /proc/stat counts in hundredths of a second on every Linux that Node runs on (proc_stat(5), USER_HZ). */
const MICROSECONDS_PER_TICK = 10_000;

/**
 * Microseconds of CPU that all processes of the machine have used since its start; undefined where there is no
 * /proc/stat. Without interrupts, which belong to the measured traffic, and without time stolen by other guests.
 */
export function machineCpu(): number | undefined {
  let line: string;
  try {
    line = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0] ?? '';
  } catch {
    return undefined;
  }
  const [, user = 0, nice = 0, system = 0, , , , , steal = 0] = line.split(/\s+/).map(Number);
  return (user + nice + system + steal) * MICROSECONDS_PER_TICK;
}

/** The share of the machine, 0 to 1, of other processes: all used CPU less our own, in microseconds. */
export function shareOfOthers(used: number, own: number, seconds: number): number {
  return Math.max(0, (used - own) / (seconds * 1e6 * availableParallelism()));
}
