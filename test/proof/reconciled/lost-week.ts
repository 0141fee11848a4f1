/** A story of which a week's events were lost at random, then reconciled once; and the same story without loss. */
import { type HistoryPage, reconcile } from '../../../src/domain/desk/reconcile.ts';
import { dayOf, startOfDay } from '../../../src/domain/values/day.ts';
import { entitlementOf } from '../../../src/keyring/minter.ts';
import { MARKETPLACES } from '../../../src/marketplaces/all.ts';
import { readHistory as readFastSpring } from '../../../src/marketplaces/fastspring/history.ts';
import { readHistory as readGumroad } from '../../../src/marketplaces/gumroad/history.ts';
import { readHistory as readLemon } from '../../../src/marketplaces/lemon-squeezy/history.ts';
import { recordOf } from '../../../src/marketplaces/loose.ts';
import type { WantedHistory } from '../../../src/marketplaces/marketplace.ts';
import { readHistory as readBilling } from '../../../src/marketplaces/paddle-billing/history.ts';
import { readHistory as readClassic } from '../../../src/marketplaces/paddle-classic/history.ts';
import { readHistory as readStripe } from '../../../src/marketplaces/stripe/history.ts';
import { DAY } from '../../shop/calendar.ts';
import type { Event, Request } from '../../shop/call.ts';
import { isLive } from '../../shop/check.ts';
import { AS_SENT, type Delivery, schedule } from '../../shop/delivery.ts';
import { type Played, play, type Standing } from '../../shop/play.ts';
import type { ShopHouse, ShopService } from '../../shop/service.ts';
import type { Told } from '../../shop/story-check.ts';
import type { ShopName } from '../../shop/truth.ts';
import type { Apis } from './apis.ts';

type Read = (url: string, wanted: WantedHistory) => AsyncIterable<HistoryPage>;

const KEY = 'the key of a proof';

const READERS: Readonly<Record<ShopName, Read>> = {
  fastspring: (url, wanted) => readFastSpring({ username: KEY, password: KEY, url }, wanted),
  'paddle-classic': (url, wanted) => readClassic({ vendor: '1', key: KEY, url }, wanted),
  'paddle-billing': (url, wanted) => readBilling({ key: KEY, url }, wanted),
  stripe: (url, wanted) => readStripe({ key: KEY, url }, wanted),
  'lemon-squeezy': (url, wanted) => readLemon({ key: KEY, url }, wanted),
  gumroad: (url, wanted) => readGumroad({ key: KEY, url }, wanted),
};

export interface Shop {
  readonly name: ShopName;
  readonly house: ShopHouse;
  readonly apis: Apis;
  readonly url: string;
}

/** `lost`: how many events were lost; 0: the story has none to lose. */
export interface Compared {
  readonly lost: number;
  readonly differences: readonly string[];
}

export async function compareLossy(
  shop: Shop,
  told: Told,
  random: () => number,
  apply: boolean,
): Promise<Compared> {
  const events = told.calls.filter((call): call is Event => call.kind === 'event' && !isCompletion(call));
  const losable = events.filter((event) => !isOfGift(event));
  const first = losable[Math.floor(random() * losable.length)];
  if (first === undefined) return { lost: 0, differences: [] };
  const from = startOfDay(dayOf(first.at));
  const until = from + 7 * DAY;
  const isLost = new Set(
    losable.filter(({ at }) => at >= from && at < until).filter((event) => event === first || random() < 0.5),
  );
  const at = Math.min(until, told.end - 1);
  const whole = await playTold(
    shop.house,
    told,
    without(told, (event) => isPassed(event, isLost, told, at) || isOfPassed(event, isLost, told, at)),
  );
  const heard = without(told, (event) => isLost.has(event) || lacksBase(event, isLost, until));
  const act = async (service: ShopService) => {
    shop.apis.has(shop.name, {
      wire: told.wire,
      events: events.filter((event) => event.at < at),
      lost: [...isLost].filter((event) => event.at < at),
    });
    await reconcileOnce(shop, service, from, apply);
    // What an event lacks is fetched once the event is there. Gumroad's list has no events.
    if (apply && shop.name !== 'gumroad') await completeLost(told, service, isLost, at);
  };
  const reconciled = await playTold(shop.house, told, heard, { at, act });
  return { lost: isLost.size, differences: differencesOf(whole, reconciled) };
}

/** Gumroad lists a gift by its giver's sale: which is the receiver's, only the ping tells. */
function isOfGift({ type, data }: Event): boolean {
  return type === 'sale' && recordOf(data['ping'])['is_gift_receiver_purchase'] === 'true';
}

const isCompletion = ({ data }: Event) => data['fetched'] !== undefined;

/** The completion of a lost event that would have come within the week. */
function lacksBase(event: Event, lost: ReadonlySet<Event>, until: number): boolean {
  return (
    isCompletion(event) && event.at < until && [...lost].some(({ id }) => event.id === `${id}-completed`)
  );
}

async function completeLost(told: Told, service: ShopService, lost: ReadonlySet<Event>, at: number) {
  for (const call of told.calls) {
    if (call.kind !== 'event' || !lacksBase(call, lost, at)) continue;
    const { status } = await service.post(told.wire.tell([call], new Map(), at));
    if (status !== 200) throw new Error(`a completion was answered ${status}`);
  }
}

/** As sent, without some events. */
function without({ calls, end, wire }: Told, isLeftOut: (event: Event) => boolean): readonly Delivery[] {
  return schedule(calls, AS_SENT, end, wire).flatMap((delivery): Delivery[] => {
    if ('request' in delivery) return [delivery];
    const kept = delivery.events.filter((event) => !isLeftOut(event));
    return kept.length === 0 ? [] : [{ ...delivery, events: kept }];
  });
}

/** APIs that have objects as they are now. */
const PRESENT_ONLY: ReadonlySet<string> = new Set(['lemon-squeezy', 'gumroad']);

/** The completion of such an event. */
function isOfPassed(event: Event, lost: ReadonlySet<Event>, told: Told, at: number): boolean {
  const base = [...lost].find(({ id }) => event.id === `${id}-completed`);
  return base !== undefined && isPassed(base, lost, told, at);
}

/** A lost state of an object that its marketplace's API has no more, since the object changed before it was read. */
function isPassed(event: Event, lost: ReadonlySet<Event>, { wire, calls }: Told, at: number): boolean {
  if (!PRESENT_ONLY.has(wire.marketplace) || !lost.has(event)) return false;
  const name = objectOf(event);
  return calls.some(
    (other) => other.kind === 'event' && other.at > event.at && other.at < at && objectOf(other) === name,
  );
}

function objectOf({ data }: Event): string {
  const { sale_id, subscription_id } = recordOf(data['ping']);
  if (data['ping'] !== undefined) return `${sale_id ?? subscription_id}`;
  return `${data['type']} ${data['id']}`;
}

function playTold(
  house: ShopHouse,
  told: Told,
  deliveries: readonly Delivery[],
  interlude?: { readonly at: number; readonly act: (service: ShopService) => Promise<void> },
): Promise<Played> {
  const requests = told.calls.filter((call): call is Request => call.kind === 'request');
  return play(house, { ...told, deliveries, requests, emails: [], ...(interlude && { interlude }) });
}

async function reconcileOnce(
  { name, house, url }: Shop,
  { ledger, clock }: ShopService,
  since: number,
  apply: boolean,
) {
  const definition = MARKETPLACES.find((one) => one.name === name);
  if (definition === undefined) throw new Error(`no marketplace ${name}`);
  const { products } = house;
  const { readAgain } = await definition.loadStoredEvents();
  const { signal } = new AbortController();
  const around = { marketplace: name, mode: 'live', now: clock.now } as const;
  const { stopped, lacking } = await reconcile({
    ledger,
    ...around,
    pages: READERS[name](url, {
      mode: 'live',
      since,
      now: clock.now,
      products: [],
      wait: async () => {},
      signal,
    }),
    read: (payload) => readAgain(payload, 'live', products),
    lastValidOf: (code) => entitlementOf(code).lastValid,
    since: dayOf(since),
    apply,
  });
  if (apply && stopped !== undefined) throw new Error(`reading stopped: ${stopped}`);
  const failed = lacking.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined) throw new Error(`${failed.type} ${failed.id} could not be read`);
}

function differencesOf(whole: Played, reconciled: Played): readonly string[] {
  const [one, other] = [linesOf(whole), linesOf(reconciled)];
  return [
    ...one.filter((line) => !other.includes(line)).map((line) => `only without loss: ${line}`),
    ...other.filter((line) => !one.includes(line)).map((line) => `only reconciled: ${line}`),
  ];
}

function linesOf({ licenses, undelivered, faults }: Played): readonly string[] {
  return [...licenses.map(write), ...undelivered.map((line) => `undelivered ${line}`), ...faults];
}

/** The days of a revoked license are those of its last code, which depends on when it was revoked. */
function write(license: Standing): string {
  const { id, order, product, unit, state, seats, lastValid, updates } = license;
  const days = isLive(license)
    ? ` to ${lastValid ?? 'ever'}, updates to ${updates ?? 'ever'}, ${seats} seats`
    : '';
  return `${id} ${order} ${product} ${unit} ${state}${days}`;
}
