/** Gumroad's pings: forms, stored as JSON. What one says is a claim, and decides nothing but what is asked of the API. */
import { type Loose, numberOf, textOf } from '../loose.ts';
import { demand } from '../told.ts';
import { is } from './kept-sale.ts';

/** Far more than a ping has, with a field for each question of the checkout. */
const MOST_FIELDS = 1000;

/** Gumroad's ids: other text is asked of no API. */
const ID = /^[\w=+-]{1,100}$/;

const SALES = ['sale', 'refund', 'dispute', 'dispute_won'] as const;
const CHANGES = [
  'cancellation',
  'subscription_updated',
  'subscription_ended',
  'subscription_restarted',
] as const;

/** The button "send test ping" repeats the newest sale, as a test without a name. */
const TEST_BUTTON = 'test_ping';

/** `names[]` are lists; of another repeated name the last value counts, as in Gumroad's own maker of the form. */
export function parsePing(body: Buffer): Loose {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of [...new URLSearchParams(body.toString())].slice(0, MOST_FIELDS)) {
    if (!name.endsWith('[]')) fields.set(name, value);
    else fields.set(name, [...[fields.get(name) ?? []].flat(), value]);
  }
  return Object.fromEntries(fields);
}

/** What is read. The rest names a customer, and after an erasure nothing would tie it to the one who was erased. */
const READ = [
  'resource_name',
  'sale_id',
  'test',
  'is_preorder_authorization',
  'is_recurring_charge',
  'refunded',
  'gifter_email',
  'subscription_id',
  'purchase_ids[]',
  'cancelled_at',
  'ended_at',
  'restarted_at',
  'effective_as_of',
  'type',
  'new_plan[tier][name]',
  'new_plan[quantity]',
] as const;

/** The payload that is stored: `received` in milliseconds, because a ping does not tell when something happened. */
export function payloadOf(ping: Loose, received: number): string {
  const read = READ.flatMap((name) => (ping[name] === undefined ? [] : [[name, ping[name]]]));
  return JSON.stringify({ received, ping: Object.fromEntries(read) });
}

/** What nobody can read, whole: a repeat has to be the same. */
export function unreadPayloadOf(ping: Loose): string {
  return JSON.stringify({ received: 0, ping });
}

/** What a ping is about. */
export type Claim =
  | {
      readonly about: 'sale';
      readonly resource: string;
      readonly sale: string;
      readonly isTest: boolean;
      readonly isPreorder: boolean;
      readonly isFurther: boolean;
      /** A refund of all of it. */
      readonly isWhole: boolean;
      readonly gifter: string | undefined;
    }
  | {
      readonly about: 'subscription';
      readonly resource: string;
      readonly subscription: string;
      /** Charges of it, also those that failed. */
      readonly sales: readonly string[];
      readonly change: PlanChange | undefined;
      /** Distinguishes two changes of one kind. */
      readonly when: string;
    }
  /** Nothing that concerns licenses. */
  | { readonly about: 'nothing'; readonly resource: string };

/** A change of the plan, as the ping has it. */
export interface PlanChange {
  readonly isUpgrade: boolean;
  readonly tier: string | undefined;
  readonly quantity: number | undefined;
}

/** The key of the fact that an order is claimed, and awaited. */
export function claimKey(sale: string): string {
  return `claimed:${sale}`;
}

/** Throws AppError `malformed_request` for a ping that concerns licenses and does not say whose. */
export function claimOf(ping: Loose): Claim {
  const resource = nameIn(ping['resource_name']) ?? unnamed(ping);
  if (isOneOf(SALES, resource)) return saleClaim(resource, ping);
  return isOneOf(CHANGES, resource) ? changeClaim(resource, ping) : { about: 'nothing', resource };
}

/** A stranger's text is no name. */
function nameIn(value: unknown): string | undefined {
  const name = textOf(value);
  if (name === undefined) return undefined;
  return /^[a-z_]{1,40}$/.test(name) ? name : 'unknown';
}

/** What is not named is looked up like what is. */
function unnamed(ping: Loose): string {
  if (isTest(ping)) return TEST_BUTTON;
  if (ping['sale_id'] !== undefined) return 'sale';
  return ping['subscription_id'] === undefined ? 'unnamed' : 'subscription_updated';
}

function isTest(ping: Loose): boolean {
  return is(ping, 'test');
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

function saleClaim(resource: string, ping: Loose): Claim {
  return {
    about: 'sale',
    resource,
    sale: demand(idIn(ping['sale_id']), 'sale_id'),
    isTest: isTest(ping),
    isPreorder: is(ping, 'is_preorder_authorization'),
    isFurther: is(ping, 'is_recurring_charge'),
    isWhole: resource === 'refund' && is(ping, 'refunded'),
    gifter: textOf(ping['gifter_email']),
  };
}

function changeClaim(resource: string, ping: Loose): Claim {
  const times = ['cancelled_at', 'ended_at', 'restarted_at', 'effective_as_of'];
  return {
    about: 'subscription',
    resource,
    subscription: demand(idIn(ping['subscription_id']), 'subscription_id'),
    sales: salesOf(ping['purchase_ids[]']),
    change: resource === 'subscription_updated' ? changeOf(ping) : undefined,
    when: times.map((name) => textOf(ping[name]) ?? '').join(''),
  };
}

function salesOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((id) => idIn(id) ?? []);
}

function changeOf(ping: Loose): PlanChange {
  return {
    isUpgrade: textOf(ping['type']) !== 'downgrade',
    tier: textOf(ping['new_plan[tier][name]']),
    quantity: numberOf(ping['new_plan[quantity]']),
  };
}

export function idIn(value: unknown): string | undefined {
  const id = textOf(value);
  return id !== undefined && ID.test(id) ? id : undefined;
}
