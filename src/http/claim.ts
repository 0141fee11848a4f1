/** GET /claim/<marketplace>: the page after the checkout. It waits some seconds for the event, and shows the codes. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import {
  AMBIGUOUS,
  type Claim,
  type ClaimName,
  claimedOrder,
  claimOf,
  claimOrder,
  shownFacts,
} from '../domain/requests/claim.ts';
import { AppError } from '../errors.ts';
import type { ClaimPort, EventMarketplace } from '../marketplaces/marketplace.ts';
import type { ShownClaim } from './claim-page.ts';
import type { Endpoint, Operation } from './edge/endpoint.ts';
import { type Allowance, addressKey, RateLimit } from './edge/rate-limit.ts';
import type { Context } from './edge/request.ts';
import { text } from './edge/schemas.ts';
import type { RunningService } from './running-service.ts';

/** A page asks again some twenty times, and several customers may share an address. */
const BY_ADDRESS: Allowance = { points: 300, seconds: 900, keys: 20_000 };

/** How often the codes of one order are shown. */
const SHOWINGS: Allowance = { points: 5, seconds: 3_600, keys: 20_000 };

const WAIT_MILLISECONDS = 6_000;
const LOOK_MILLISECONDS = 400;

/** Pages that wait at a time; others are answered at once, and ask again. */
const MOST_WAITING = 50;

/** After so many reloads the page says that the mail will come. */
const MOST_TRIES = 20;

const HTML = 'text/html; charset=utf-8';

const OVER: Claim = { outcome: 'over' };
const WAITING: Claim = { outcome: 'waiting' };
const BUSY: ShownClaim = { outcome: 'busy' };

/** The customer's page asks again while the ledger cannot be used. */
async function unlessUnavailable<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof AppError && error.code === 'ledger_unavailable') return otherwise;
    throw error;
  }
}

function describe({ title }: EventMarketplace, { parameter }: ClaimPort): Operation {
  return {
    tag: 'for marketplaces',
    summary: `The page after a checkout at ${title}`,
    description:
      'Shows the codes of an order within an hour of its first license, a few times, to whoever knows its unguessable name. Until then it loads itself again.',
    query: z.object({
      [parameter]: z
        .string()
        .optional()
        .meta({
          description: `as ${title} puts it into the address; without it, the page says where the code comes`,
        }),
      try: z.string().optional().meta({ description: 'how often the page was loaded' }),
    }),
    answers: {
      200: { description: 'The codes, or a page that asks again', content: { [HTML]: text } },
      429: {
        description: 'A page that says how long to wait, as Retry-After does',
        content: { [HTML]: text },
      },
    },
    problems: ['ledger_damaged'],
  };
}

interface Needed
  extends Pick<RunningService, 'findProduct' | 'now' | 'isStopping' | 'sharedCounts' | 'customerTexts'> {
  readonly ledger: Pick<Ledger, 'find' | 'showOrder' | 'addFacts'>;
}

export function claimEndpoint(marketplace: EventMarketplace, port: ClaimPort, service: Needed): Endpoint {
  const { ledger, now, isStopping, findProduct, sharedCounts, customerTexts } = service;
  const byAddress = new RateLimit(BY_ADDRESS, 'claim by address', sharedCounts);
  const showings = new RateLimit(SHOWINGS, 'claim by order', sharedCounts);
  let waiting = 0;

  const look = async (name: ClaimName): Promise<Claim> => {
    const claimed = typeof name === 'string' ? { order: name, mode: undefined } : await orderOf(name.claim);
    if (claimed === undefined) return WAITING;
    if (claimed === AMBIGUOUS) return OVER;
    const { order, mode } = claimed;
    const found = await ledger.find({ by: 'order', order });
    const isClaimed = (license: LicenseStory) =>
      license.marketplace === marketplace.name && (mode === undefined || license.mode === mode);
    return claimOf(found.filter(isClaimed), now());
  };
  const orderOf = async (digest: string) => {
    const { facts } = await ledger.showOrder(claimOrder(digest));
    return claimedOrder(facts, marketplace.name);
  };
  /** Looks until there is something, for some seconds. */
  const waitFor = async (order: ClaimName, context: Context): Promise<Claim> => {
    const first = await look(order);
    if (first.outcome !== 'waiting' || waiting >= MOST_WAITING) return first;
    waiting += 1;
    try {
      for (let waited = 0; waited < WAIT_MILLISECONDS; waited += LOOK_MILLISECONDS) {
        if (isStopping() || context.req.destroyed) break;
        await wait(LOOK_MILLISECONDS);
        const claim = await look(order);
        if (claim.outcome !== 'waiting') return claim;
      }
      return first;
    } finally {
      waiting -= 1;
    }
  };

  /** The same claim, or none where it was shown too often. */
  const countShowing = async (name: string, claim: Claim, context: Context): Promise<Claim> =>
    claim.outcome !== 'codes' || (await showings.allows(name, context)) ? claim : OVER;

  /** The codes that it shows are noted as delivered: not noted, they are mailed. */
  const claimFor = async (name: string, context: Context): Promise<Claim> => {
    const order = port.orderOf(name);
    if (order === undefined) return OVER;
    const found = await unlessUnavailable(() => waitFor(order, context), WAITING);
    const claim = await countShowing(name, found, context);
    if (claim.outcome === 'codes')
      await unlessUnavailable(() => ledger.addFacts(shownFacts(claim.licenses, now())), false);
    return claim;
  };

  return {
    path: `/claim/${marketplace.name}`,
    // A look counts, and codes that are shown are delivered.
    mintsOnGet: true,
    get: describe(marketplace, port),
    handle: async (context) => {
      const { claimPage, CLAIM_HEADERS } = await import('./claim-page.ts');
      const name = context.URL.searchParams.get(port.parameter) ?? '';
      const tried = Number(context.URL.searchParams.get('try') ?? 0) || 0;
      const isBusy = !(await byAddress.allows(addressKey(context), context));
      const claim: ShownClaim = isBusy ? BUSY : await claimFor(name, context);
      context.state.outcome = claim.outcome;
      const query = new URLSearchParams({ [port.parameter]: name, try: String(tried + 1) });
      const again = tried < MOST_TRIES ? `?${query}` : undefined;
      const texts = await customerTexts(context.get('Accept-Language'));
      context.set(CLAIM_HEADERS);
      context.set('Vary', 'Accept-Language');
      if (isBusy) context.status = 429;
      context.type = HTML;
      context.body = claimPage(claim, again, texts, (id) => findProduct(id)?.name ?? id);
    },
  };
}
