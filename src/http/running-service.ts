/** The running service as the endpoints see it: each takes what it needs of it. */
import type { Texts } from '../customer/texts.ts';
import type { Minter } from '../domain/minter.ts';
import type { RefusedCallTally } from '../domain/ports/refused-calls.ts';
import type { FulfillmentContext } from '../domain/requests/fulfill.ts';
import type { Offers } from '../domain/requests/offer.ts';
import type { Proof } from '../domain/requests/refresh.ts';
import type { Mode } from '../domain/values/order.ts';
import type { Product } from '../domain/values/product.ts';
import type { RevocationPublisher } from '../keyring/revocation-publisher.ts';
import type { PublicKeyEntry } from '../license-code/keyring.ts';
import type { Verdict } from '../license-code/verdict.ts';
import type { Log } from '../log.ts';
import type { EventMarketplace, FulfillmentMarketplace } from '../marketplaces/marketplace.ts';
import type { Metrics } from '../metrics.ts';
import type { AfterAnswer } from './edge/after-answer.ts';
import type { RefreshLimits, SharedCounts } from './edge/rate-limit.ts';
import type { RequestTraces } from './edge/traced-request.ts';

/** `ledger`, `handouts` and `now` are those that `fulfill` takes. */
export interface RunningService extends FulfillmentContext {
  readonly marketplaces: readonly FulfillmentMarketplace[];
  readonly eventMarketplaces: readonly EventMarketplace[];
  readonly findProduct: (id: string) => Product | undefined;
  /** As it was when the service started: no later key signs anything. */
  readonly keyring: readonly PublicKeyEntry[];
  /** A genuine code of any product here, or a reader's verdict on a text that is none. Never throws. */
  readonly readCode: (text: string) => Proof | Verdict;
  readonly refreshLimits?: RefreshLimits;
  /** Undefined: this process counts requests alone. */
  readonly sharedCounts?: SharedCounts | undefined;
  readonly revocations: Pick<RevocationPublisher, 'find'>;
  readonly minter: Pick<Minter, 'entitlementOf'>;
  /** Undefined: downloads are off. */
  readonly offers: Offers | undefined;
  /** How many products there are, and the modes that have a signing key, as checked by the start. */
  readonly products: number;
  readonly modes: readonly Mode[];
  /** True after the signal to stop. */
  readonly isStopping: () => boolean;
  readonly afterAnswer: Pick<AfterAnswer, 'expect'>;
  /** Calls whose signature was wrong. */
  readonly refused: Pick<RefusedCallTally, 'count'>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Undefined: nothing is traced. */
  readonly traces?: RequestTraces | undefined;
  readonly newRequestId: () => string;
  /** Believe X-Forwarded-* headers. */
  readonly trustProxy: boolean;
  /** What pages for customers say, for a header Accept-Language. */
  readonly customerTexts: (accepted: string) => Promise<Texts>;
}
