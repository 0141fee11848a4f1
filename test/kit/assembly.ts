/** The service over a ledger whose connection and results a test can access. */
import type { Ledger } from '../../src/domain/ledger.ts';
import { startService } from '../../src/service/service.ts';
import { type Connection, openLedgerFile } from '../../src/storage/sqlite/file/open.ts';
import { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { passedTexts } from './passed-texts.ts';
import { type Home, makeHome, type Owner } from './service.ts';

export interface Assembly {
  readonly home: Home;
  readonly url: string;
  /** The service's only connection to the ledger. */
  readonly connection: Connection;
}

/** How long a write waits for a lock: shorter than in a service. */
export const LOCK_PATIENCE = 300;

/** `wrap` can replace the ledger that the service gets. */
export async function assemble(
  owner: Owner,
  wrap: (ledger: Ledger) => Ledger = (ledger) => ledger,
): Promise<Assembly> {
  const home = makeHome(owner);
  const opened: Connection[] = [];
  let requests = 0;
  const texts = passedTexts(home.config.productsDir);
  const { url, stop } = await startService(home.config, {
    log: home.log,
    earlier: { checkText: texts.check },
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
  texts.save();
  owner.teardown(stop);
  const [connection] = opened;
  if (connection === undefined) throw new Error('no ledger was opened');
  return { home, url, connection };
}
