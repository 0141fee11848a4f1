/** The metrics of a database that several instances share: its connections, and the instances. */
import type { OtherInstances, PoolLoad, SharedDatabase } from '../domain/ports/shared-database.ts';
import { Gauge, type Metrics } from '../metrics.ts';

type Figure = keyof Omit<PoolLoad, 'use'>;

const FIGURES: Readonly<Record<Figure, string>> = {
  connections: 'Open connections to the database, by use (write, read, list)',
  busy: 'Connections with a transaction under way, by use',
  waiting: 'Acts that wait for a connection, by use',
};

export class DatabaseMetrics {
  readonly #instances;

  /** Reads the connections at each scrape. */
  constructor({ registry }: Pick<Metrics, 'registry'>, { load }: Pick<SharedDatabase, 'load'>) {
    for (const [figure, help] of Object.entries(FIGURES) as [Figure, string][]) {
      const gauge = new Gauge({
        name: `mintmark_database_${figure}`,
        help,
        labelNames: ['use'] as const,
        registers: [registry],
        collect() {
          for (const each of load()) gauge.set({ use: each.use }, each[figure]);
        },
      });
    }
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
