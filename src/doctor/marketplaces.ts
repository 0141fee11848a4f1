/** Checks each marketplace's settings on both sides, and that its events arrive. */

import type { Ledger } from '../domain/ledger.ts';
import { dayOf } from '../domain/values/day.ts';
import type { Marketplace } from '../domain/values/order.ts';
import type { Config } from '../service/config.ts';
import { expectsEvents } from '../service/expects-events.ts';
import { type Finding, fault, note, ok, untold, warning } from './finding.ts';

const SECRETS = 'marketplaces';
const REACHED = 'reachability';

/** An event follows its order within minutes; marketplaces retry a failed delivery for days. */
const LATE_MILLISECONDS = 86_400_000;

export function examineSettings({ accounts }: Config): readonly Finding[] {
  const findings = accounts.flatMap((account) =>
    account.findings.map(({ level, so, remedy }): Finding => {
      return { check: SECRETS, level, so, ...(remedy !== undefined && { remedy }) };
    }),
  );
  if (findings.length === 0) {
    const remedy = 'docs/going-live.md says what to set.';
    findings.push(note(SECRETS, 'No marketplace is set up: only the simulator can send orders.', remedy));
  }
  findings.push(
    untold(
      REACHED,
      'Not checked: whether a marketplace reaches this service from outside.',
      'Send a test order or a test webhook from its site, and look for it in the log.',
    ),
  );
  return findings;
}

/** For each live marketplace that asks for licenses: whether a request came, and was answered whole. */
export async function examineRequests(
  ledger: Ledger,
  config: Config,
  now: number,
): Promise<readonly Finding[]> {
  const asking = config.accounts.filter((account) => account.live.requests);
  return Promise.all(asking.map(({ marketplace }) => lastRequest(ledger, marketplace, now)));
}

async function lastRequest(ledger: Ledger, marketplace: Marketplace, now: number): Promise<Finding> {
  const check = `requests of ${marketplace}`;
  const [order] = await ledger.listOrders({ marketplace, mode: 'live', limit: 1, now });
  if (order === undefined)
    return note(
      check,
      'There is no live order yet, so no request was answered.',
      `Compare the fulfillment address and its key at the marketplace with yours, and make a test order there.`,
    );
  const so = `The newest live order is of ${dayOf(order.at)}`;
  if (order.undelivered === 0 && order.missing === 0)
    return ok(check, `${so}, and its codes were handed out.`);
  return warning(
    check,
    `${so}, and not all of its codes were handed out.`,
    'If no request comes, compare the fulfillment address and its key at the marketplace with yours.',
  );
}

/** For each live marketplace that sends events: a sale without a later event can mean that events do not arrive. */
export async function examineEvents(
  ledger: Ledger,
  config: Config,
  now: number,
): Promise<readonly Finding[]> {
  const live = config.accounts.filter((account) => account.live.events);
  return Promise.all(
    live.map(({ marketplace }) => lastEvent(ledger, marketplace, expectsEvents(config, marketplace), now)),
  );
}

async function lastEvent(
  ledger: Ledger,
  marketplace: Marketplace,
  isExpected: boolean,
  now: number,
): Promise<Finding> {
  const check = `events of ${marketplace}`;
  const query = { marketplace, mode: 'live', limit: 1 } as const;
  const [event] = await ledger.findEvents(query);
  const [order] = await ledger.listOrders({ ...query, now });
  const remedy = `Compare the webhook's address and secret at the marketplace with yours, and have it send a test event.`;
  const came =
    event === undefined
      ? 'no event was ever received'
      : `the newest event was received on ${dayOf(event.receivedAt)}`;
  if (order === undefined) {
    if (event !== undefined) return ok(check, `There is no live order yet, and ${came}.`);
    return note(check, 'There is no live order and no live event yet.', remedy);
  }
  const isLate = order.at - (event?.receivedAt ?? Number.NEGATIVE_INFINITY) > LATE_MILLISECONDS;
  const isDue = now - order.at > LATE_MILLISECONDS;
  const so = `The newest live order is of ${dayOf(order.at)}, and ${came}.`;
  if (isLate && isDue && isExpected) return fault(check, `${so} Refunds and renewals go unnoticed.`, remedy);
  if (isDue && event === undefined)
    return warning(
      check,
      `${so} Unless all events are switched off there, refunds and renewals go unnoticed.`,
      remedy,
    );
  return ok(check, so);
}
