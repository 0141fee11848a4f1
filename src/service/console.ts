/** Gives the console what it needs of the running service. */
import { mountConsole } from '../console/mount.ts';
import type { LedgerReader } from '../domain/ports/ledger-reader.ts';
import { readIdSecret } from '../keyring/id-secret.ts';
import type { ConsoleGiven } from './console-parts.ts';

export interface MountedConsole {
  readonly serve: ReturnType<typeof mountConsole>;
  readonly own: boolean;
  close(): Promise<void>;
}

/** Nothing of it is loaded or opened before the first request for a page. Undefined: the console is off. */
export function mountFor(given: ConsoleGiven): MountedConsole | undefined {
  const { config } = given;
  if (!config.console) return undefined;
  let reader: LedgerReader | undefined;
  const serve = mountConsole(async () => {
    const [{ consoleParts }, { openDatabaseReader, openReader }] = await Promise.all([
      import('./console-parts.ts'),
      import('../storage/open-reader.ts'),
    ]);
    const idSecret = readIdSecret(config.keysDir);
    const { ledgerDatabase: database } = config;
    reader =
      database === undefined
        ? openReader(config.ledgerFile, idSecret)
        : await openDatabaseReader(database, idSecret);
    return consoleParts(given, reader);
  });
  return { serve, own: config.consolePort !== undefined, close: async () => reader?.close() };
}
