/** Whole acts: load, decide, save (docs/architecture.md, Load, decide, save). Each is to be run inside a transaction, and may run twice. */
import type { Changes, Decided, Found } from '../../domain/changes.ts';
import {
  decideDue,
  decideEvent,
  decideFacts,
  decideIssue,
  decideReissue,
  decideRenewal,
} from '../../domain/decide.ts';
import type { EventHead, MarketplaceEvent } from '../../domain/event.ts';
import type { Fact, Subject } from '../../domain/fact.ts';
import { refersTo } from '../../domain/fact-order.ts';
import type { Issue, Renewal, Renewed } from '../../domain/ledger.ts';
import { licenseSubject } from '../../domain/license-subject.ts';
import { subscriptionSubject } from '../../domain/order-subject.ts';
import type { Rules } from '../../domain/rules.ts';
import { licenseIdOf } from '../record/code-id.ts';
import type { DueOrder } from './due.ts';
import { type Events, isDone } from './events.ts';
import type { Flags } from './flags.ts';
import type { StoryLoader } from './load.ts';
import type { People } from './people.ts';
import type { Saver } from './save.ts';

export interface ActParts {
  readonly loader: StoryLoader;
  readonly saver: Saver;
  readonly events: Events;
  readonly people: People;
  readonly flags: Flags;
  /** Undefined for a ledger that is only looked at. */
  readonly rules: Rules | undefined;
}

export class Acts {
  readonly #parts: ActParts;

  constructor(parts: ActParts) {
    this.#parts = parts;
  }

  issue(issue: Issue): Renewed {
    const { loader } = this.#parts;
    const { order } = issue.order;
    const loaded = loader.loadOrder(order, issue.order, namesIn(issue.facts));
    // An order that is known as a charge was perhaps answered as one before.
    const found = loaded.facts.length > 0 ? loader.withRebill(loaded, order) : loaded;
    return this.#save(found, decideIssue(found, issue, this.#rules));
  }

  renew(renewal: Renewal): Renewed {
    const others: Subject[] = [subscriptionSubject(renewal.subscription), ...namesIn(renewal.facts)];
    const found = this.#parts.loader.loadRebill(renewal.order.order, renewal.order, others);
    return this.#save(found, decideRenewal(found, renewal, this.#rules));
  }

  /** Keeps an event and applies it; `again` also where it was applied before. */
  ingest(event: MarketplaceEvent, now: number, again: boolean): 'applied' | 'unmatched' | 'known' {
    const { loader, events, people, flags } = this.#parts;
    const known = events.get(event);
    if (!again && isDone(known)) return 'known';
    const found = loader.load(namesOf(event), event);
    const { outcome, others } = this.#save(found, decideEvent(found, event, this.#rules, now));
    events.keep(event, known, { at: now, outcome: outcome === 'applied' ? 'done' : 'unmatched' });
    if (known?.outcome === 'failed') {
      flags.settleKey(failedKey(event.id), event, now, 'by itself: the event was applied');
    }
    for (const { order, customers } of others) people.addOthers(order, event, customers);
    this.#applyForeign(event, now);
    return outcome;
  }

  /** What an event says for the other mode, on the facts of that mode: a test order voids its live twin. */
  #applyForeign({ facts, marketplace, mode }: MarketplaceEvent, now: number): void {
    const foreign = facts.filter((fact) => fact.mode !== mode);
    const [first] = foreign;
    if (first === undefined) return;
    const found = this.#parts.loader.load(namesIn(foreign), { marketplace, mode: first.mode });
    this.#save(found, decideFacts(found, foreign, this.#rules, now));
  }

  /** Somebody has to look at it: whom it is about is not known. */
  keepFailed(event: EventHead, now: number, fault: string): void {
    const { events, flags } = this.#parts;
    const known = events.get(event);
    if (isDone(known)) return;
    events.keep(event, known, { at: now, outcome: 'failed', fault });
    const { marketplace, mode, id, type } = event;
    const reason = `${type} ${id} could not be applied: ${fault}`;
    flags.raise({
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
  }

  /** True where a license changed. */
  addFacts(facts: readonly Fact[], now: number): boolean {
    const byMarket = Map.groupBy(facts, ({ marketplace, mode }) => `${marketplace} ${mode}`);
    return [...byMarket.values()]
      .map((told) => {
        const [first] = told;
        if (first === undefined) return false;
        const found = this.#parts.loader.load(namesIn(told), first);
        return this.#save(found, decideFacts(found, told, this.#rules, now));
      })
      .some(Boolean);
  }

  reissue(id: Uint8Array, fact: Fact): Uint8Array {
    const found = this.#parts.loader.load([licenseSubject(id), ...namesIn([fact])], fact);
    return this.#save(found, decideReissue(found, id, fact, this.#rules));
  }

  /** True where time changed something. */
  settleDue({ order, ...market }: DueOrder, now: number): boolean {
    const found = this.#parts.loader.loadOrder(order, market);
    const decided = decideDue(found, this.#rules, now);
    this.#save(found, decided);
    return isChange(decided.changes);
  }

  #save<T>({ market }: Found, { changes, result }: Decided<T>): T {
    this.#parts.saver.save(changes, market);
    return result;
  }

  get #rules(): Rules {
    if (this.#parts.rules !== undefined) return this.#parts.rules;
    throw new TypeError('a ledger that is only looked at decides nothing');
  }
}

function failedKey(id: string): string {
  return `failed:${id}`;
}

function isChange(changes: Changes): boolean {
  return Object.values(changes).some((list: readonly unknown[]) => list.length > 0);
}

/** The names that facts are about or tie to each other. */
function namesIn(facts: readonly Fact[]): Subject[] {
  return facts.flatMap(({ subject, body }) => {
    const other = refersTo(body);
    return other === null ? [subject] : [subject, other];
  });
}

function namesOf({ facts, people, codes }: MarketplaceEvent): Subject[] {
  const held = codes.flatMap((code): Subject[] => {
    const id = licenseIdOf(code);
    return id === undefined ? [] : [licenseSubject(id)];
  });
  return [...namesIn(facts), ...people.map(({ subject }) => subject), ...held];
}
