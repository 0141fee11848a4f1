/** Acts: load, decide, save (docs/architecture.md). Each runs inside a transaction, and may run twice. */
import { correctedMails, failedEventWebhooks } from '../../domain/announcements/announce.ts';
import { addressNote } from '../../domain/announcements/corrected.ts';
import type { Changes, Decided, Found, Market } from '../../domain/changes.ts';
import {
  decideDue,
  decideEvent,
  decideFacts,
  decideIssue,
  decideReissue,
  decideRenewal,
} from '../../domain/decide.ts';
import type { EventHead, MarketplaceEvent } from '../../domain/facts/event.ts';
import type { Fact, Subject } from '../../domain/facts/fact.ts';
import { subjectsIn } from '../../domain/facts/fact-order.ts';
import { licenseSubject } from '../../domain/facts/license-subject.ts';
import { factsOfMoved } from '../../domain/facts/moved.ts';
import type { Issue, Renewal, Renewed } from '../../domain/ledger.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Customer, OrderName } from '../../domain/values/order.ts';
import { orderSubject, subscriptionSubject } from '../../domain/values/order-subject.ts';
import type { AddressChangeRow } from '../record/address-change-row.ts';
import { licenseIdOf } from '../record/code-id.ts';
import type { AddressChanges } from './address-changes.ts';
import type { Customers } from './customers.ts';
import type { DueOrder } from './due.ts';
import { type Events, isDone } from './events.ts';
import type { Flags } from './flags.ts';
import type { Loader } from './load.ts';
import type { People } from './people.ts';
import type { Saver } from './save.ts';

export class Acts {
  readonly #loader: Loader;
  readonly #saver: Saver;
  readonly #events: Events;
  readonly #people: People;
  readonly #customers: Customers;
  readonly #changes: AddressChanges;
  readonly #flags: Flags;
  readonly #givenRules: Rules | undefined;

  constructor(components: {
    readonly loader: Loader;
    readonly saver: Saver;
    readonly events: Events;
    readonly people: People;
    readonly customers: Customers;
    readonly changes: AddressChanges;
    readonly flags: Flags;
    /** Undefined: the ledger is read-only. */
    readonly rules: Rules | undefined;
  }) {
    this.#loader = components.loader;
    this.#saver = components.saver;
    this.#events = components.events;
    this.#people = components.people;
    this.#customers = components.customers;
    this.#changes = components.changes;
    this.#flags = components.flags;
    this.#givenRules = components.rules;
  }

  issue(issue: Issue): Renewed {
    const { order } = issue.order;
    const loaded = this.#loader.loadOrder(order, issue.order, subjectsIn(issue.facts));
    // If the order is known as a charge, its request may have been answered as a rebill.
    const found = loaded.facts.length > 0 ? this.#loader.withRebill(loaded, order) : loaded;
    return this.#save(found, decideIssue(found, issue, this.#rules));
  }

  renew(renewal: Renewal): Renewed {
    const others: Subject[] = [subscriptionSubject(renewal.subscription), ...subjectsIn(renewal.facts)];
    const found = this.#loader.loadRebill(renewal.order.order, renewal.order, others);
    return this.#save(found, decideRenewal(found, renewal, this.#rules));
  }

  /**
   * Keeps an event and applies it. `again`: also if it was applied before. The payload of an event about an erased person
   * is not kept: it repeats name and address.
   */
  ingest(event: MarketplaceEvent, now: number, again: boolean): 'applied' | 'unmatched' | 'known' {
    const known = this.#events.get(event);
    if (!again && isDone(known)) return 'known';
    const found = this.#loader.load(namesOf(event), event);
    const decided = this.#save(found, decideEvent(found, event, this.#rules, now));
    const moved = this.#applyMoved([...found.facts, ...event.facts], event, now);
    const { others, outcome } = { ...decided, ...(moved !== undefined && { outcome: 'applied' as const }) };
    const licenses = [...found.licenses, ...(moved ?? [])];
    this.#events.keep(event, known, {
      at: now,
      outcome: outcome === 'applied' ? 'done' : 'unmatched',
      keepsPayload: !this.#people.isErased(licenses),
    });
    if (known?.outcome === 'failed') {
      this.#flags.settleKey(failedKey(event.id), event, now, 'by itself: the event was applied');
    }
    for (const { order, customers } of others) this.#people.addOthers(order, event, customers);
    this.#applyForeign(event, now);
    return outcome;
  }

  /** Applies an event's facts of the other mode: a test order voids its live twin. */
  #applyForeign({ facts, marketplace, mode }: MarketplaceEvent, now: number): void {
    const foreign = facts.filter((fact) => fact.mode !== mode);
    const [first] = foreign;
    if (first === undefined) return;
    const found = this.#loader.load(subjectsIn(foreign), { marketplace, mode: first.mode });
    this.#save(found, decideFacts(found, foreign, this.#rules, now));
  }

  /**
   * What is said of a moved subscription is said of the former one, in the marketplace that sold it. Returns that one's licenses;
   * undefined: there is none.
   */
  #applyMoved(
    known: readonly Fact[],
    { marketplace, mode }: Market,
    now: number,
  ): Found['licenses'] | undefined {
    const mirrored = factsOfMoved(
      known.filter((fact) => fact.marketplace === marketplace && fact.mode === mode),
    );
    const [first] = mirrored;
    if (first === undefined) return undefined;
    const found = this.#loader.load(subjectsIn(mirrored), first);
    const there = new Set(found.facts.map(({ subject, key }) => `${subject} ${key}`));
    const facts = mirrored.filter(({ subject, key }) => !there.has(`${subject} ${key}`));
    if (facts.length > 0) {
      this.#save(found, decideEvent(found, { facts, codes: [], people: [] }, this.#rules, now));
    }
    return found.licenses;
  }

  /** Keeps an event that could not be applied, and raises a flag without an order: which one is not known. */
  keepFailed(event: EventHead, now: number, fault: string): void {
    const known = this.#events.get(event);
    if (isDone(known)) return;
    this.#events.keep(event, known, { at: now, outcome: 'failed', fault });
    const { marketplace, mode, id, type } = event;
    const reason = `${type} ${id} could not be applied: ${fault}`;
    this.#flags.raise({
      marketplace,
      mode,
      key: failedKey(id),
      kind: 'unclear',
      reason,
      order: null,
      product: null,
      event: id,
      at: now,
    });
    if (this.#givenRules === undefined) return;
    this.#saver.announce(failedEventWebhooks(event, fault, this.#givenRules, now), event);
  }

  /**
   * Corrects an order's customer, notes it, and mails the codes to the new address; what the customer changed before is neither
   * confirmed nor undone any more. Returns the number of licenses concerned; 0: nothing is noted.
   */
  correct(order: OrderName, customer: Partial<Customer>, now: number, note?: Fact): number {
    const licenses = this.#people.correct(order, customer);
    if (licenses > 0 && note !== undefined) this.addFacts([note], now);
    if (customer.email === undefined || licenses === 0) return licenses;
    for (const customer of this.#people.ofOrder(order)) this.#changes.endLater({ customer, number: 0 });
    if (this.#givenRules?.announce === undefined) return licenses;
    const found = this.#loader.loadOrder(order.order, order);
    this.#saver.announce(correctedMails(found, order.order, this.#givenRules, now), found.market);
    return licenses;
  }

  /** A customer's own change, mailed to the new address. The history says the cause only. False: erased. */
  changeAddress(
    change: AddressChangeRow,
    email: string,
    cause: Parameters<typeof addressNote>[0],
    now: number,
  ): boolean {
    const { number, customer, order_id: order, marketplace, mode } = change;
    if (!this.#customers.correct(customer, { email })) return false;
    const [subject, key] = [orderSubject(order), `address:${number}:${now}`];
    const body = addressNote(cause);
    this.addFacts([{ marketplace, mode, subject, key, at: now, cause, body }], now);
    const found = this.#loader.loadOrder(order, { marketplace, mode });
    const mails = correctedMails(found, order, this.#rules, now);
    this.#saver.announce(mails, found.market);
    return true;
  }

  /** True if a license changed. */
  addFacts(facts: readonly Fact[], now: number): boolean {
    const byMarket = Map.groupBy(facts, ({ marketplace, mode }) => `${marketplace} ${mode}`);
    return [...byMarket.values()]
      .map((facts) => {
        const [first] = facts;
        if (first === undefined) return false;
        const found = this.#loader.load(subjectsIn(facts), first);
        const isChanged = this.#save(found, decideFacts(found, facts, this.#rules, now));
        return this.#applyMoved([...found.facts, ...facts], first, now) !== undefined || isChanged;
      })
      .some(Boolean);
  }

  reissue(id: Uint8Array, fact: Fact): Uint8Array {
    const found = this.#loader.load([licenseSubject(id), ...subjectsIn([fact])], fact);
    return this.#save(found, decideReissue(found, id, fact, this.#rules));
  }

  /** True if time changed something. */
  settleDue({ order, ...market }: DueOrder, now: number): boolean {
    const found = this.#loader.loadOrder(order, market);
    const decided = decideDue(found, this.#rules, now);
    this.#save(found, decided);
    return isChange(decided.changes);
  }

  #save<T>({ market }: Found, { changes, result }: Decided<T>): T {
    this.#saver.save(changes, market);
    return result;
  }

  get #rules(): Rules {
    if (this.#givenRules !== undefined) return this.#givenRules;
    throw new TypeError('a read-only ledger decides nothing');
  }
}

export function failedKey(id: string): string {
  return `failed:${id}`;
}

function isChange(changes: Changes): boolean {
  return Object.values(changes).some((list: readonly unknown[]) => list.length > 0);
}

export function namesOf({ facts, people, codes }: MarketplaceEvent): Subject[] {
  const held = codes.flatMap((code): Subject[] => {
    const id = licenseIdOf(code);
    return id === undefined ? [] : [licenseSubject(id)];
  });
  return [...subjectsIn(facts), ...people.map(({ subject }) => subject), ...held];
}
