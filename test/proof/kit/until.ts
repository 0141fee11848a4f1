import { setTimeout as wait } from 'node:timers/promises';

/** Tenths of a second. */
const LONGEST = 200;

/** Waits until it is so; throws the fault after 20 seconds. */
export async function until(isSo: () => boolean, fault: string): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries === LONGEST) throw new Error(fault);
    await wait(100);
  }
}
