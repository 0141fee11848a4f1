/**
 * Preloaded into every server (`node --import`): reports the process's usage on request, read inside the process. So
 * the measured programs stay unchanged; Mintmark is its own src/main.ts.
 */

export interface Reading {
  /** Microseconds of CPU since the start, in user and system mode, of all threads. */
  readonly cpu: number;
  /** Bytes of resident memory. */
  readonly memory: number;
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const reading: Reading = { cpu: user + system, memory: process.memoryUsage.rss() };
  process.send?.(reading);
});

// The bench has ended, for whatever reason.
process.once('disconnect', () => process.exit(0));
