/** What other processes take of the machine while something is measured. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** /proc/stat counts in hundredths of a second on every Linux that Node runs on (proc_stat(5), USER_HZ). */
const MICROSECONDS_PER_TICK = 10_000;

/**
 * Microseconds of CPU that the whole machine has used for processes since it started; undefined where there is no
 * /proc/stat. Interrupts are left out, as they are the measured traffic's own; time stolen by other guests is not.
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

/** The part of the machine, 0 to 1, that went to others: all CPU used less our own, in microseconds. */
export function shareOfOthers(used: number, own: number, seconds: number): number {
  return Math.max(0, (used - own) / (seconds * 1e6 * availableParallelism()));
}
