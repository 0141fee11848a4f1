/**
 * Preloaded into every server (`node --import`): tells on demand what the process has used, read inside it. So the
 * programs that are measured are left as they are; Mintmark is its own src/main.ts.
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

// The bench has ended, however it did.
process.once('disconnect', () => process.exit(0));
