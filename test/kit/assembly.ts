/** The service over a ledger that a test reaches into: the ledger's connection, its promises. */
import type { Ledger } from '../../src/domain/ledger.ts';
import { startService } from '../../src/service/service.ts';
import { type Connection, openLedgerFile } from '../../src/storage/sqlite/open.ts';
import { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { type Home, makeHome, type Owner } from './service.ts';

export interface Assembly {
  readonly home: Home;
  readonly url: string;
  /** The only one to the ledger that the service has. */
  readonly connection: Connection;
}

/** How long a write waits for a lock here: a test need not wait as long as a service does. */
export const LOCK_PATIENCE = 300;

/** `wrap` may put itself between the service and its ledger. */
export async function assemble(
  owner: Owner,
  wrap: (ledger: Ledger) => Ledger = (ledger) => ledger,
): Promise<Assembly> {
  const home = makeHome(owner);
  const opened: Connection[] = [];
  let requests = 0;
  const { url, stop } = await startService(home.config, {
    log: home.log,
    now: () => home.clock.now,
    openLedger: ({ file }, { newLedger: _, ...options }) => {
      const connection = openLedgerFile(file, options.idSecret);
      opened.push(connection);
      return wrap(new SqliteLedger(connection, { ...options, lockPatience: LOCK_PATIENCE }));
    },
    newRequestId: () => {
      requests += 1;
      return `request-${requests}`;
    },
  });
  owner.teardown(stop);
  const [connection] = opened;
  if (connection === undefined) throw new Error('no ledger was opened');
  return { home, url, connection };
}
