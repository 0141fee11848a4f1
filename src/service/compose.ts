/** The one composition: builds the app of a running service from its parts. Tests replace single parts. */
import { MemoryHandouts } from '../domain/ports/handouts.ts';
import type { RefusedCallTally } from '../domain/ports/refused-calls.ts';
import type { Offers } from '../domain/requests/offer.ts';
import type { Mode } from '../domain/values/order.ts';
import type { AfterAnswer } from '../http/edge/after-answer.ts';
import type { SharedCounts } from '../http/edge/rate-limit.ts';
import type { RequestTraces } from '../http/edge/traced-request.ts';
import type { RunningService } from '../http/running-service.ts';
import { createCodeReader } from '../keyring/code-reader.ts';
import { RevocationPublisher } from '../keyring/revocation-publisher.ts';
import type { Log } from '../log.ts';
import type { Account, EventMarketplace, FulfillmentMarketplace } from '../marketplaces/marketplace.ts';
import type { SharedKeys } from '../marketplaces/simulator.ts';
import type { Metrics } from '../metrics.ts';
import { createApp, createPagesApp, type Pages } from './app.ts';
import type { Opened } from './open.ts';

export interface Foundation {
  readonly opened: Pick<Opened, 'catalog' | 'signers' | 'ledger' | 'minter' | 'templates'>;
  readonly accounts: readonly Pick<Account, 'requests' | 'events'>[];
  /** Undefined while the simulator is off. */
  readonly simulator: SharedKeys | undefined;
  /** The modes of the sales that can arrive. */
  readonly modes: readonly Mode[];
  readonly trustProxy: boolean;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Undefined: nothing is traced. */
  readonly traces?: RequestTraces | undefined;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  readonly newRequestId: () => string;
  readonly isStopping: () => boolean;
  /** Undefined: they are off. */
  readonly downloads?: { readonly serve: Pages; readonly offers: Offers } | undefined;
  readonly afterAnswer: AfterAnswer;
  readonly refused: RefusedCallTally;
  /** Where processes count requests together; undefined: this one counts alone. */
  readonly sharedCounts?: SharedCounts | undefined;
  readonly customerTexts: RunningService['customerTexts'];
  /** Undefined: there are none. */
  readonly customerPages?: Pages | undefined;
  /** `own`: they have a port of their own. */
  readonly pages?: { readonly serve: Pages; readonly own: boolean } | undefined;
}

export interface Composed {
  readonly app: ReturnType<typeof createApp>;
  /** The app of the pages, if they have a port of their own. */
  readonly pagesApp: ReturnType<typeof createPagesApp> | undefined;
  /** The served marketplaces. */
  readonly requests: readonly FulfillmentMarketplace[];
  readonly events: readonly EventMarketplace[];
}

export async function compose({
  opened,
  accounts,
  simulator,
  pages,
  customerPages,
  downloads,
  ...around
}: Foundation): Promise<Composed> {
  const { catalog, signers, ledger, minter, templates } = opened;
  const { keyring, signerFor } = signers;
  const { now } = around;
  const products = catalog.all();
  const findProduct = (id: string) => catalog.get(id);
  const requests = await present(
    accounts.map((account) => account.requests({ templates, minter, simulator })),
  );
  const events = await present(accounts.map((account) => account.events({ products, simulator })));
  const service = {
    ...around,
    ledger,
    keyring,
    findProduct,
    minter,
    offers: downloads?.offers,
    marketplaces: requests,
    eventMarketplaces: events,
    products: products.length,
    handouts: ledger.handouts ?? new MemoryHandouts(),
    readCode: createCodeReader(
      keyring,
      products.map(({ id }) => id),
    ),
    revocations: new RevocationPublisher({ ledger, signerFor, findProduct, now }),
  };
  const own = pages?.own === true;
  const app = createApp(service, [own ? undefined : pages?.serve, customerPages, downloads?.serve]);
  const pagesApp = own && pages !== undefined ? createPagesApp(service, pages.serve) : undefined;
  return { app, pagesApp, requests, events };
}

/** A marketplace is served when somebody can sign its calls: it has a key or secret, or the simulator is on. */
async function present<T>(readers: readonly Promise<T | undefined>[]): Promise<readonly T[]> {
  return (await Promise.all(readers)).filter((reader) => reader !== undefined);
}
