/** The metrics of a database that several instances share: its connections, and the instances. */
import type { OtherInstances, SharedDatabase } from '../domain/shared-database.ts';
import { Gauge, type Metrics } from '../metrics.ts';

export class DatabaseMetrics {
  readonly #instances;

  /** Reads the connections at each scrape. */
  constructor({ registry }: Pick<Metrics, 'registry'>, { load }: Pick<SharedDatabase, 'load'>) {
    const around = { labelNames: ['use'] as const, registers: [registry] };
    const connections = new Gauge({
      name: 'mintmark_database_connections',
      help: 'Open connections to the database, by use (write, read, list)',
      ...around,
      collect() {
        for (const each of load()) connections.set({ use: each.use }, each.connections);
      },
    });
    const busy = new Gauge({
      name: 'mintmark_database_busy',
      help: 'Connections with a transaction under way, by use',
      ...around,
      collect() {
        for (const each of load()) busy.set({ use: each.use }, each.busy);
      },
    });
    const waiting = new Gauge({
      name: 'mintmark_database_waiting',
      help: 'Acts that wait for a connection, by use',
      ...around,
      collect() {
        for (const each of load()) waiting.set({ use: each.use }, each.waiting);
      },
    });
    this.#instances = new Gauge({
      name: 'mintmark_other_instances',
      help: 'Other instances on the same ledger, by product files: same, or other for over 10 minutes',
      labelNames: ['products'] as const,
      registers: [registry],
    });
  }

  instances({ others, differing }: OtherInstances): void {
    this.#instances.set({ products: 'same' }, others - differing);
    this.#instances.set({ products: 'other' }, differing);
  }
}
