/** Lets the service beside a command go first. */
import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** Not the lowest: a command that writes blocks other writers meanwhile. */
const { PRIORITY_BELOW_NORMAL } = constants.priority;

/**
 * Lowers the priority of this process, and keeps its garbage collector from taking further processors. To be called before
 * most modules are loaded, since loading is work too.
 */
export function giveWay(): void {
  setFlagsFromString('--single-threaded-gc');
  for (const thread of threads()) {
    try {
      if (getPriority(thread) < PRIORITY_BELOW_NORMAL) setPriority(thread, PRIORITY_BELOW_NORMAL);
    } catch {
      // It has ended, or the system forbids it: the command works all the same.
    }
  }
}

/** On Linux a priority is that of one thread, and Node.js has several from its start (setpriority(2)). 0: this process. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [0];
  }
}
