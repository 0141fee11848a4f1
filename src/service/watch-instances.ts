/** Compares the product files and the clock of this instance with those of the others on one database. */
import { randomUUID } from 'node:crypto';
import type { Catalog } from '../catalog/catalog.ts';
import { catalogDigest } from '../catalog/catalog-digest.ts';
import { CLOCKS_AGREE_WITHIN, type SharedDatabase } from '../domain/ports/shared-database.ts';
import type { Log } from '../log.ts';
import type { DatabaseMetrics } from './database-metrics.ts';

export interface WatchedInstances {
  readonly database: Pick<SharedDatabase, 'noteInstance' | 'clockAhead'>;
  readonly catalog: Catalog;
  readonly metrics: Pick<DatabaseMetrics, 'instances'>;
  readonly log: Pick<Log, 'warn' | 'info' | 'error'>;
}

/** Returns what compares them once. It never rejects. */
export function watchInstances({ database, catalog, metrics, log }: WatchedInstances): () => Promise<void> {
  const id = randomUUID();
  const products = catalogDigest(catalog);
  let known = 0;
  let isOff = false;
  const compareClocks = async () => {
    const ahead = await database.clockAhead();
    const wasOff = isOff;
    isOff = Math.abs(ahead) > CLOCKS_AGREE_WITHIN;
    if (isOff && !wasOff)
      log.warn(
        { seconds: Math.round(ahead / 1000) },
        "this computer's clock differs from the database's by more than a minute: sales and ends of licenses are dated by it, and at 5 minutes signed calls count as too old, here and at your endpoints. Synchronize the clocks (NTP)",
      );
    if (wasOff && !isOff) log.info("this computer's clock agrees with the database's");
  };
  return async () => {
    try {
      const found = await database.noteInstance(id, products);
      metrics.instances(found);
      const { others, differing } = found;
      if (differing > known)
        log.warn(
          { others, differing },
          'other instances have had other product files for over 10 minutes: licenses would change to and fro. Give all of them the same files',
        );
      if (differing === 0 && known > 0) log.info({ others }, 'all instances have the same product files');
      known = differing;
      await compareClocks();
    } catch (error) {
      log.error({ err: error }, 'the product files and the clocks of the instances could not be compared');
    }
  };
}
