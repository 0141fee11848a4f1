/** The service put together by hand, for what a test must reach inside: the ledger's connection, its promises. */
import type { AddressInfo } from 'node:net';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { keptTermsOf } from '../../src/catalog/kept-terms.ts';
import { dayOf } from '../../src/domain/day.ts';
import { Handouts } from '../../src/domain/handouts.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { createCodeReader } from '../../src/keyring/code-reader.ts';
import { readIdSecret } from '../../src/keyring/id-secret.ts';
import { createMinter } from '../../src/keyring/minter.ts';
import { RevocationPublisher } from '../../src/keyring/revocation-publisher.ts';
import { loadSigners } from '../../src/keyring/signer.ts';
import { paddleClassicRequests } from '../../src/marketplaces/paddle-classic/paddle-classic.ts';
import { Templates } from '../../src/message/templates.ts';
import { Metrics } from '../../src/metrics.ts';
import { createApp } from '../../src/service/app.ts';
import { type Connection, openLedgerFile } from '../../src/storage/sqlite/open.ts';
import { SqliteLedger } from '../../src/storage/sqlite/sqlite-ledger.ts';
import { rsaKey } from './sale.ts';
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
  const { config, log, clock } = home;
  const now = () => clock.now;
  await makeMissing(config.keysDir, { today: dayOf(now()), simulator: false, ledgerExists: false });
  const catalog = await loadCatalog(config.productsDir);
  const signers = loadSigners(config.keysDir, { modesNeeded: ['live', 'test'] });
  const idSecret = readIdSecret(config.keysDir);
  const minter = createMinter({ idSecret, ...signers });
  const findProduct = (id: string) => catalog.get(id);
  const currentTerms = (id: string) => {
    const product = catalog.get(id);
    return product && keptTermsOf(product);
  };
  const connection = openLedgerFile(config.ledgerFile, idSecret);
  const ledger = wrap(
    new SqliteLedger(connection, {
      idSecret,
      rules: { minter, findProduct, currentTerms, expectsEvents: () => false },
      lockPatience: LOCK_PATIENCE,
      now,
    }),
  );
  for (const product of catalog.all()) await ledger.keepTerms(keptTermsOf(product));
  const messages = catalog.all().map(({ message }) => message);
  for (const message of messages) await ledger.keepMessage(message);
  const templates = new Templates(messages, (digest) => ledger.findMessage(digest));
  let requests = 0;
  const app = createApp({
    ledger,
    keyring: signers.keyring,
    readCode: createCodeReader(
      signers.keyring,
      catalog.all().map(({ id }) => id),
    ),
    handouts: new Handouts(),
    marketplaces: [paddleClassicRequests({ minter, templates, keys: [['live', rsaKey('live').publicKey]] })],
    eventMarketplaces: [],
    findProduct,
    revocations: new RevocationPublisher({ ledger, signerFor: signers.signerFor, findProduct, now }),
    products: catalog.all().length,
    modes: ['live', 'test'],
    isStopping: () => false,
    log,
    metrics: new Metrics(),
    now,
    newRequestId: () => {
      requests += 1;
      return `request-${requests}`;
    },
    trustProxy: false,
  });
  const server = createHttpServer(app.callback(), { log, newRequestId: () => 'refused' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  owner.teardown(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await ledger.close();
  });
  return { home, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connection };
}
