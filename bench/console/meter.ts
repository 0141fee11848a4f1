/** Preloaded into the service (`node --import`): reports the CPU of all threads and of the thread that has the ledger. */

/** Microseconds since the start. */
export interface ConsoleReading {
  readonly cpu: number;
  readonly ledgerThread: number;
}

const sum = ({ user, system }: NodeJS.CpuUsage): number => user + system;

process.on('message', () => {
  const reading: ConsoleReading = {
    cpu: sum(process.cpuUsage()),
    ledgerThread: sum(process.threadCpuUsage()),
  };
  process.send?.(reading);
});

// The bench has ended, for whatever reason.
process.once('disconnect', () => process.exit(0));
