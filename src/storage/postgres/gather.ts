/** Lets acts come together: a group costs as much as ten of its acts. */
import { setImmediate as turn } from 'node:timers/promises';

/** However busy the process is. */
const MOST_MILLISECONDS = 4;

/**
 * Resolves once a turn of the event loop has brought no further act: whoever is alone waits for one turn, and a busy process
 * goes on with the requests that have arrived already. `waiting`: how many acts wait; enough: at least `enough`.
 */
export async function untilQuiet(waiting: () => number, enough: number): Promise<void> {
  const latest = performance.now() + MOST_MILLISECONDS;
  for (let before = waiting(); ; before = waiting()) {
    await turn();
    const now = waiting();
    if (now <= before || now >= enough || performance.now() >= latest) return;
  }
}
