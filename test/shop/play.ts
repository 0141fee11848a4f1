/** Plays deliveries to a service, and reads the final ledger. */
import type { LicenseStory } from '../../src/domain/ledger.ts';
import { unarmor } from '../../src/license-code/armor.ts';
import { dayText } from '../../src/license-code/day.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { formatLicenseId } from '../../src/license-code/license-id.ts';
import { decodeRecord } from '../../src/license-code/record.ts';
import type { Request } from './call.ts';
import { type Delivery, writeDelivery } from './delivery.ts';
import type { ShopHouse, ShopService } from './service.ts';
import type { Wire } from './wire.ts';

/** The final state of a license. */
export interface Standing {
  readonly id: string;
  readonly order: string;
  readonly product: string;
  readonly line: string;
  readonly subscription: string | null;
  readonly unit: number;
  readonly state: string;
  readonly lastValid: string | null;
  readonly updates: string | null;
  readonly seats: number;
  readonly features: number;
}

/** The answer to a request. */
export interface Answered {
  readonly request: Request;
  readonly status: number;
  readonly text: string;
  /** The ids of the licenses in it, one per code. */
  readonly licenses: readonly string[];
}

export interface Played {
  readonly licenses: readonly Standing[];
  /** In the order of the replies; each request once more at the end. */
  readonly answers: readonly Answered[];
  /** The text has the order and the reason. */
  readonly flags: readonly { readonly kind: string; readonly text: string }[];
  /** Orders that an address finds. */
  readonly found: ReadonlyMap<string, ReadonlySet<string>>;
  /** Lines of orders with a paid unit whose code was not handed out. */
  readonly undelivered: readonly string[];
  /** Errors on the way. */
  readonly faults: readonly string[];
}

export interface Playing {
  readonly wire: Wire;
  readonly deliveries: readonly Delivery[];
  readonly requests: readonly Request[];
  /** All names under which a license can be found. */
  readonly orders: readonly string[];
  readonly emails: readonly string[];
  readonly end: number;
  /** Something else that happens once, before the deliveries from then on. */
  readonly interlude?: { readonly at: number; readonly act: (service: ShopService) => Promise<void> };
}

export async function play(house: ShopHouse, playing: Playing): Promise<Played> {
  const service = await house.open();
  let played: Played;
  try {
    played = await playTo(service, playing);
  } finally {
    await service.close();
  }
  return { ...played, faults: [...played.faults, ...service.faults] };
}

async function playTo(
  service: ShopService,
  { wire, deliveries, requests, orders, emails, end, interlude }: Playing,
): Promise<Played> {
  const answers: Answered[] = [];
  const faults: string[] = [];
  const mailed = new Map<string, string>();
  const ask = async (request: Request) => {
    const { status, text } = await service.post(wire.ask(request));
    const licenses = status === 200 ? findCodes(text).map(licenseOf) : [];
    if (status === 200) mailed.set(request.name, text);
    answers.push({ request, status, text, licenses });
  };
  let isToCome = interlude !== undefined;
  const passTo = async (time: number) => {
    if (isToCome && interlude !== undefined && interlude.at <= time) {
      isToCome = false;
      service.clock.now = interlude.at;
      await interlude.act(service);
    }
    service.clock.now = time;
  };
  for (const delivery of deliveries) {
    await passTo(delivery.at);
    if ('request' in delivery) await ask(delivery.request);
    else {
      const { status, text } = await service.post(wire.tell(delivery.events, mailed, delivery.at));
      if (status !== 200) faults.push(`${status} ${text.trim()} for ${writeDelivery(delivery)}`);
    }
  }
  await passTo(end);
  while ((await service.ledger.settleDue(end)) > 0);
  for (const request of requests) await ask(request);
  const licenses = await licensesOf(service, orders);
  const { live, test } = await service.ledger.count();
  if (live + test !== licenses.length) {
    faults.push(`the ledger has ${live + test} licenses, of which ${licenses.length} are of known orders`);
  }
  const raised = await service.ledger.findFlags({ settled: false, limit: 1000 });
  const flags = raised.map(({ kind, order, reason }) => ({ kind, text: `${order ?? ''} ${reason}` }));
  const found = await foundBy(service, emails);
  const owed = await service.ledger.listOrders({ undelivered: true, now: end, limit: 1000 });
  const undelivered = owed.map(
    ({ order, line, product, missing, undelivered: waiting }) =>
      `${order} ${line} ${product}: ${missing} missing, ${waiting} not handed out`,
  );
  return { licenses, answers, flags, found, undelivered, faults };
}

async function licensesOf({ ledger }: ShopService, orders: readonly string[]): Promise<Standing[]> {
  const found = new Map<string, Standing>();
  for (const order of orders) {
    for (const story of await ledger.find({ by: 'order', order })) {
      const standing = standingOf(story);
      found.set(standing.id, standing);
    }
  }
  return [...found.values()];
}

async function foundBy(
  { ledger }: ShopService,
  emails: readonly string[],
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const email of emails) {
    const licenses = await ledger.find({ by: 'email', email });
    found.set(email, new Set(licenses.map(({ order }) => order)));
  }
  return found;
}

function standingOf({ code, ...license }: LicenseStory): Standing {
  const { id, order, product, line, subscription, unit, state } = license;
  const { lastValid, updatesUntil, seats, features } = decodeRecord(unarmor(code));
  return {
    id: formatLicenseId(id),
    order,
    product,
    line,
    subscription,
    unit,
    state,
    lastValid: lastValid === null ? null : dayText(lastValid),
    updates: updatesUntil === null ? null : dayText(updatesUntil),
    seats,
    features,
  };
}

function licenseOf(code: string): string {
  return formatLicenseId(decodeRecord(unarmor(code)).licenseId);
}
