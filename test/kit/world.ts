/** A ledger in memory for the domain's tests: stories are loaded whole, changes are applied, codes are readable. */
import { createHash } from 'node:crypto';
import type { Announcing } from '../../src/domain/announcements/announcing.ts';
import type {
  Changes,
  Found,
  LedgerLicense,
  Market,
  OwedLine,
  RebillAnswer,
} from '../../src/domain/changes.ts';
import {
  decideDue,
  decideEvent,
  decideFacts,
  decideIssue,
  decideReissue,
  decideRenewal,
} from '../../src/domain/decide.ts';
import type { Fact, FactBody, Subject } from '../../src/domain/facts/fact.ts';
import type { Issue, Renewal, Renewed } from '../../src/domain/ledger.ts';
import type { Minter } from '../../src/domain/minter.ts';
import type { Rules } from '../../src/domain/rules.ts';
import type { Outgoing } from '../../src/domain/values/announcement.ts';
import { startOfDay } from '../../src/domain/values/day.ts';
import type { Flag } from '../../src/domain/values/flag.ts';
import type { Entitlement, LicenseIdentity } from '../../src/domain/values/license.ts';
import type { Order, OrderKey } from '../../src/domain/values/order.ts';
import type { Product } from '../../src/domain/values/product.ts';
import { termsContent } from '../../src/domain/values/terms.ts';

/** A readable code with the fields that a real code signs. */
interface PlainCode {
  readonly identity: LicenseIdentity;
  readonly entitlement: Entitlement;
  readonly revision: number;
}

export const PLAIN_MINTER: Minter = {
  mint(identity, entitlement, revision) {
    const { marketplace, mode, order, product, line, unit, reissue = 0 } = identity;
    const plain: PlainCode = {
      identity: { marketplace, mode, order, product, line, unit, reissue },
      entitlement,
      revision,
    };
    return { id: idOf(plain.identity), unit, revision, code: JSON.stringify(plain) };
  },
  entitlementOf: (code) => (JSON.parse(code) as PlainCode).entitlement,
  recognize(code, { marketplace, mode, order, product, line, unit, reissue = 0 }) {
    const { identity, revision } = JSON.parse(code) as PlainCode;
    const wanted = { marketplace, mode, order, product, line, unit, reissue };
    return idOf(identity).equals(idOf(wanted)) ? { id: idOf(wanted), unit, revision, code } : undefined;
  },
};

function idOf(identity: LicenseIdentity): Buffer {
  return createHash('sha256').update(JSON.stringify(identity)).digest().subarray(0, 16);
}

export const MARKET: Market = { marketplace: 'fastspring', mode: 'live' };

/** A time on a UTC day, milliseconds since 1970-01-01. */
export function at(day: string, hour = 12): number {
  return startOfDay(day) + hour * 3_600_000;
}

export class World {
  readonly #products: Map<string, Product>;
  readonly #kept: Map<string, Product>;
  readonly #facts = new Map<string, Fact>();
  #licenses: LedgerLicense[] = [];
  readonly #owed = new Map<string, OwedLine>();
  #flags: Flag[] = [];
  readonly #rebills: RebillAnswer[] = [];
  readonly #outgoing: Outgoing[] = [];
  readonly #history: { number: number; at: number; cause: string; state: string }[] = [];
  readonly market: Market;
  readonly rules: Rules;
  now: number;

  constructor(products: readonly Product[], now: number, market: Market = MARKET, announce?: Announcing) {
    this.#products = new Map(products.map((product) => [product.id, product]));
    this.market = market;
    this.now = now;
    this.#kept = new Map(products.map((product) => [digestOf(product), product]));
    this.rules = {
      minter: PLAIN_MINTER,
      findProduct: (id) => this.#products.get(id),
      currentTerms: (id) => {
        const product = this.#products.get(id);
        return product && { digest: digestOf(product), terms: product };
      },
      findTerms: (digest) => this.#kept.get(digest),
      expectsEvents: (marketplace) => marketplace === 'fastspring',
      announce,
    };
  }

  get found(): Found {
    return {
      market: this.market,
      facts: [...this.#facts.values()],
      licenses: this.#licenses,
      owed: [...this.#owed.values()],
      rebills: this.#rebills,
      flags: this.#flags,
    };
  }

  fact(subject: Subject, body: FactBody, options: { at: number; key?: string; cause?: string }): Fact {
    const { at: time, key = `${body.kind}:${subject}:${time}`, cause = `${body.kind} e${time}` } = options;
    return { ...this.market, subject, key, at: time, cause, body };
  }

  tell(facts: readonly Fact[], codes: readonly string[] = []): 'applied' | 'unmatched' {
    const { changes, result } = decideEvent(this.found, { facts, codes, people: [] }, this.rules, this.now);
    this.#apply(changes);
    return result.outcome;
  }

  decide(fact: Fact): boolean {
    const { changes, result } = decideFacts(this.found, [fact], this.rules, this.now);
    this.#apply(changes);
    return result;
  }

  ask(
    order: Partial<Order> & { order: string; product: string },
    more: { facts?: readonly Fact[]; subscription?: string } = {},
  ): Renewed {
    const product = this.#products.get(order.product);
    if (product === undefined) throw new TypeError(`no product ${order.product}`);
    const issue = {
      order: {
        ...this.market,
        line: '',
        quantity: 1,
        soldAt: this.now,
        customer: { name: 'Ada', email: 'ada@example.com' },
        ...order,
      },
      product,
      units: 'all' as const,
      facts: more.facts ?? [],
      at: this.now,
      cause: 'fulfillment request',
    };
    const { subscription } = more;
    return subscription === undefined ? this.issue(issue) : this.renew({ ...issue, subscription });
  }

  /** Edits the product file: the ledger keeps the former terms. */
  change(product: Product): void {
    this.#products.set(product.id, product);
    this.#kept.set(digestOf(product), product);
  }

  /** Renames the product file: the ledger keeps the terms under the former name. */
  rename(id: string, product: Product): void {
    this.#products.delete(id);
    this.change(product);
  }

  issue(issue: Issue): Renewed {
    const { changes, result } = decideIssue(this.found, issue, this.rules);
    this.#apply(changes);
    return result;
  }

  renew(renewal: Renewal): Renewed {
    const { changes, result } = decideRenewal(this.found, renewal, this.rules);
    this.#apply(changes);
    return result;
  }

  /** The answer for a unit of an order was sent completely. */
  deliver({ order, product }: OrderKey, unit: number, deliveredAt: number): void {
    this.#licenses = this.#licenses.map((license) =>
      license.order === order &&
      license.product === product &&
      license.unit === unit &&
      license.answer !== null
        ? {
            ...license,
            answer: { ...license.answer, deliveredAt },
            handed: Math.max(license.handed ?? 0, license.answer.revision),
          }
        : license,
    );
  }

  /** `finds`: the facts that the ledger loads, all by default. */
  reissue(id: Uint8Array, fact: Fact, finds: (fact: Fact) => boolean = () => true): Uint8Array {
    const found = { ...this.found, facts: this.found.facts.filter(finds) };
    const { changes, result } = decideReissue(found, id, fact, this.rules);
    this.#apply(changes);
    return result;
  }

  /** Erases the customer of an order: a row without name and address stays. */
  erase(order: string): void {
    this.#licenses = this.#licenses.map((license) =>
      license.order === order && license.customer !== null ? { ...license, holder: undefined } : license,
    );
  }

  /** A person settles a flag. */
  settle(key: string, by: string): void {
    this.#flags = this.#flags.map((flag) =>
      flag.key === key ? { ...flag, settledAt: this.now, settledBy: by } : flag,
    );
  }

  /** Moves the clock to a day and settles what is due. */
  wait(day: string): void {
    this.now = at(day);
    this.#apply(decideDue(this.found, this.rules, this.now).changes);
  }

  /** Settles what is due up to a time, by the dates on its rows alone, as a service does. */
  settleDue(until: number): void {
    for (;;) {
      const dates = [...this.#licenses, ...this.#owed.values()].flatMap(({ due }) => due ?? []);
      const first = Math.min(...dates);
      if (first > until) return;
      this.now = Math.max(this.now, first);
      this.#apply(decideDue(this.found, this.rules, this.now).changes);
    }
  }

  /** Each license on a line: product, order/unit, state, last valid day, updates, features. */
  get licenses(): readonly string[] {
    return this.#licenses.map(({ order, line, product, unit, reissue, state, code }) => {
      const { lastValid, updatesUntil } = PLAIN_MINTER.entitlementOf(code);
      const name = `${order}/${line}/${product}/${unit}${reissue > 0 ? `#${reissue}` : ''}`;
      return `${name} ${state} ${lastValid ?? 'perpetual'}${updatesUntil === null ? '' : ` updates ${updatesUntil}`}`;
    });
  }

  get records(): readonly LedgerLicense[] {
    return this.#licenses;
  }

  /** What was announced: `topic order/product`. */
  get announced(): readonly string[] {
    return this.#outgoing.map(({ topic, order, product }) => `${topic} ${order}/${product}`);
  }

  get history() {
    return this.#history;
  }

  /** Open flags: kind and reason. */
  get flags(): readonly string[] {
    return this.#flags
      .filter(({ settledAt }) => settledAt === null)
      .map(({ kind, reason }) => `${kind}: ${reason}`);
  }

  get flagKinds(): readonly string[] {
    return this.#flags.filter(({ settledAt }) => settledAt === null).map(({ kind }) => kind);
  }

  #apply(changes: Changes): void {
    this.#outgoing.push(...changes.outgoing);
    for (const fact of changes.facts) this.#facts.set(`${fact.subject}\n${fact.key}`, fact);
    const first = this.#licenses.length + 1;
    const numberOf = (number: number) => (number < 0 ? first - 1 - number : number);
    for (const license of changes.licenses) {
      const { minted, customer, lastValid, answer, ...rest } = license;
      const given = answer && {
        ...answer,
        revision: minted.revision,
        code: minted.code,
        at: license.at,
        deliveredAt: null,
      };
      this.#licenses.push({
        ...rest,
        ...minted,
        number: this.#licenses.length + 1,
        customer: typeof customer === 'number' ? customer : customer && 1,
        holder: typeof customer === 'number' || customer === null ? undefined : customer,
        firstCode: minted.code,
        reach: lastValid,
        answer: given,
        handed: given && minted.revision,
      });
    }
    const update = (number: number, change: Partial<LedgerLicense>) => {
      this.#licenses = this.#licenses.map((license) =>
        license.number === numberOf(number) ? { ...license, ...change } : license,
      );
    };
    for (const { number, state, revision, code, reach, at: time, cause } of changes.changes) {
      update(number, { state, revision, reach, ...(code !== undefined && { code }) });
      this.#history.push({ number: numberOf(number), at: time, cause, state });
    }
    for (const { number, customer, ...touch } of changes.touches) {
      const named = typeof customer === 'object' ? { customer: 1, holder: customer } : {};
      update(number, { ...touch, ...named });
    }
    for (const answer of changes.answers) {
      const { number, revision, quantity, message, at: time, byUnit, request } = answer;
      const license = this.#licenses.find((one) => one.number === numberOf(number));
      if (license === undefined) throw new TypeError('an answer for no license');
      const given = { quantity, revision, code: license.code, message, at: time, deliveredAt: null, byUnit };
      if (request === null) update(number, { answer: given });
      else this.#rebills.push({ ...given, number: numberOf(number), request });
      if (answer.isAhead !== true) update(number, { handed: Math.max(license.handed ?? 0, revision) });
    }
    for (const line of changes.owed) this.#owed.set(`${line.order}\n${line.line}`, line);
    for (const flag of changes.raised)
      this.#flags.push({ ...flag, id: this.#flags.length + 1, settledAt: null, settledBy: null });
    for (const { id, at: time, reason } of changes.cleared) {
      this.#flags = this.#flags.map((flag) =>
        flag.id === id ? { ...flag, settledAt: time, settledBy: reason } : flag,
      );
    }
  }
}

function digestOf(product: Product): string {
  return createHash('sha256').update(termsContent(product)).digest('hex');
}
