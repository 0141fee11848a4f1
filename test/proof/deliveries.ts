/** Calls come twice, late, reordered, under new ids, with lost answers: the ledger ends as if each came once. */
import { Machine } from '../kit/machine.ts';
import { batchOf, Courier, messageOf } from './deliveries/courier.ts';
import { type Call, SALES_DAY, type Sale, type Signing } from './deliveries/sale.ts';
import { makeSale, putProducts, signingOf } from './deliveries/sales.ts';
import { differences, standingsIn } from './deliveries/standing.ts';
import { atOnce } from './kit/buyers.ts';
import { findingsOf, ledgerOf } from './kit/check.ts';
import { Clock } from './kit/clock.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import { type Outcome, type Proof, pick, shuffled, type Tools } from './proof.ts';

const CONNECTIONS = 32;
/** Per order, at least. */
const DELIVERIES = 10;
/** Orders whose calls are interleaved. */
const WINDOW = 25;
const NOON = SALES_DAY + 12 * 3_600_000;
const WEEK = 7 * 86_400_000;
/** The round in which a call arrives a week after it was first made; the rounds before it are those of Call. */
const LATE = 3;

export const KNOWS_EVENTS_BY_ID_ALONE: Weakness = {
  file: 'src/marketplaces/fastspring/event.ts',
  changes: [['key: key ?? ', 'key: head.id + subject + body.kind || ']],
};

export const TAKES_EVENTS_AS_THEY_COME: Weakness = {
  file: 'src/marketplaces/fastspring/event.ts',
  changes: [['at: at ?? head.at,', 'at: Date.now(),']],
};

export const deliveries: Proof = {
  title: `duplicates, reordering, delay of 7 days, lost replies (${DELIVERIES} deliveries an order, ${CONNECTIONS} connections): exactly once, the same bytes, the same end`,
  unit: 'orders',
  quick: 500,
  full: 10_000,
  run: (orders, tools) => tellOften(orders, tools),
  controls: [
    {
      title: 'event-id-only dedupe',
      run: (tools) => tellOften(120, tools, KNOWS_EVENTS_BY_ID_ALONE),
    },
    {
      title: 'events applied as they come',
      run: (tools) => tellOften(300, tools, TAKES_EVENTS_AS_THEY_COME),
    },
  ],
};

async function tellOften(orders: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const clock = new Clock(tools);
  await clock.set(NOON);
  const env = { LOG_LEVEL: 'silent', PRODUCTS_DIR: putProducts(tools.folder) };
  const quiet = new Machine(tools, env);
  const first = await quiet.start(clock.around());
  const signing = signingOf(quiet.path('keys'));
  const sales = Array.from({ length: orders }, (_, number) => makeSale(number, signing, tools));
  const told = new Deliverer(new Courier(first, CONNECTIONS), signing, tools);
  await atOnce(sales, CONNECTIONS, (sale) => told.once(sale));
  told.end();
  await first.ran.kill();

  const noisy = new Machine(tools, { ...env, KEYS_DIR: quiet.path('keys') });
  // The same keys and another ledger.
  noisy.env['LEDGER_MARK'] = noisy.path('ledger-mark.json');
  const around = clock.around(weakness === undefined ? {} : weakened(weakness));
  await clock.set(NOON);
  const service = await noisy.start(around);
  const telling = new Deliverer(new Courier(service, CONNECTIONS), signing, tools);
  const late: Delivery[] = [];
  for (let from = 0; from < orders; from += WINDOW) {
    const planned = sales.slice(from, from + WINDOW).flatMap((sale) => plan(sale, tools));
    for (let round = 0; round < LATE; round++) {
      await telling.inAnyOrder(planned.filter((delivery) => delivery.round === round));
    }
    late.push(...planned.filter(({ round }) => round === LATE));
  }
  telling.end();
  await service.ran.kill();
  await clock.set(NOON + WEEK);
  const later = await noisy.start(around);
  telling.goOn(new Courier(later, CONNECTIONS));
  await telling.inAnyOrder(late);
  telling.end();
  await later.ran.kill();
  tools.note(telling.counts());
  return {
    done: orders,
    violations: [
      ...told.violations.map((line) => `the quiet service: ${line}`),
      ...telling.violations,
      ...(await breachesOf(noisy, quiet, sales, telling)),
    ],
  };
}

async function breachesOf(
  noisy: Machine,
  quiet: Machine,
  sales: readonly Sale[],
  telling: Deliverer,
): Promise<string[]> {
  const standings = standingsIn(ledgerOf(noisy));
  const counts = sales.flatMap(({ order, units }) => {
    const [is, should] = [standings.get(order)?.units ?? {}, units].map((each) =>
      JSON.stringify(Object.entries(each).sort()),
    );
    return is === should ? [] : [`${order} has licenses ${is} instead of ${should}`];
  });
  const apart = new Map(sales.map((sale) => [sale.order, sale.apart]));
  const texts = [...telling.replies].flatMap(([name, texts]) =>
    isAlike(texts, apart.get(name)) ? [] : [`${name} was answered with ${texts.size} texts`],
  );
  const known = new Set([...standings.values()].flatMap(({ codes }) => [...codes]));
  const mailed = [...telling.replies].flatMap(([name, texts]) =>
    [...texts].flatMap((text) => (codesIn(text).length > 0 ? codesIn(text) : [`no code for ${name}`])),
  );
  return [
    ...counts,
    ...texts,
    ...mailed.filter((code) => !known.has(code)).map((code) => `mailed and not in the ledger: ${code}`),
    ...differences(standings, standingsIn(ledgerOf(quiet)), telling.neverAnswered()),
    ...(await findingsOf(quiet)),
    ...(await findingsOf(noisy)),
  ];
}

/** The same text each time, except for codes of units that were returned since. */
function isAlike(texts: ReadonlySet<string>, apart = 1): boolean {
  if (texts.size <= apart) return true;
  const [most = [], ...others] = [...texts].map(codesIn).sort((a, b) => b.length - a.length);
  return (
    apart === 1 &&
    others.every(
      (codes, place) => codes.length < most.length - place && codes.every((code) => most.includes(code)),
    )
  );
}

const codesIn = (text: string): readonly string[] => text.match(/^[0-9A-Z]{160}$/gm) ?? [];

interface Delivery {
  readonly call: Call;
  readonly round: number;
  /** The answer is lost. */
  readonly cut: boolean;
  /** The same event under a new id, like a manual resend. */
  readonly resent: boolean;
}

/** Each call several times: the first time in its own round, unless all of its deliveries are a week late. */
function plan({ calls }: Sale, tools: Tools): Delivery[] {
  const times = Math.max(2, Math.ceil(DELIVERIES / calls.length));
  const inRounds = calls.some(({ round }) => round > 0);
  return calls.flatMap((call) => {
    // A license request has no time: the day of its sale would be the day on which it first arrives.
    const wholeLate = call.kind !== 'request' && !inRounds && tools.random() < 0.15;
    return Array.from({ length: times }, (_, time): Delivery[] => {
      const round = wholeLate || (time > 0 && tools.random() < 0.3) ? LATE : call.round;
      const later = round < LATE && time > 0 ? round + pick(LATE - round, tools) : round;
      const resent = call.kind === 'event' && tools.random() < 0.3;
      const delivery = { call, round: later, cut: false, resent };
      const cut = tools.random() < 0.15;
      return cut ? [{ ...delivery, cut }, delivery] : [delivery];
    }).flat();
  });
}

class Deliverer {
  readonly violations: string[] = [];
  readonly #refused = new Set<string>();
  /** By the name of the request: all texts that answered it. */
  readonly replies = new Map<string, Set<string>>();
  readonly #signing: Signing;
  readonly #tools: Tools;
  readonly #counts = { delivered: 0, batches: 0, resent: 0, cut: 0, late: 0 };
  #courier: Courier;

  constructor(courier: Courier, signing: Signing, tools: Tools) {
    this.#courier = courier;
    this.#signing = signing;
    this.#tools = tools;
  }

  async once({ calls }: Sale): Promise<void> {
    for (const call of calls) await this.#deliver([{ call, round: 0, cut: false, resent: false }]);
  }

  async inAnyOrder(planned: readonly Delivery[]): Promise<void> {
    const mixed: Delivery[][] = [];
    for (const delivery of shuffled(planned, this.#tools)) {
      const last = mixed.at(-1);
      const fits = last?.[0]?.call.kind === 'event' && last[0].cut === delivery.cut && last.length < 5;
      if (delivery.call.kind === 'event' && last !== undefined && fits) last.push(delivery);
      else mixed.push([delivery]);
    }
    await atOnce(mixed, CONNECTIONS, (together) => this.#deliver(together));
  }

  goOn(courier: Courier): void {
    this.#courier = courier;
  }

  end(): void {
    this.#courier.close();
  }

  /** The requests whose only whole replies were refusals. */
  neverAnswered(): ReadonlySet<string> {
    return new Set([...this.#refused].filter((name) => !this.replies.has(name)));
  }

  counts(): string {
    const { delivered, batches, resent, cut, late } = this.#counts;
    return `${delivered} calls delivered (events in ${batches} batches), ${resent} of them under a new id, ${cut} cut off, ${late} a week late`;
  }

  /** One call, or several events as one batch. */
  async #deliver(together: readonly Delivery[]): Promise<void> {
    const [first] = together;
    if (first === undefined) return;
    this.#count(together);
    const { call, cut } = first;
    const message =
      call.kind === 'event' ? batchOf(this.#eventsOf(together), this.#signing) : messageOf(call);
    if (cut) {
      await this.#courier.cutOff(message, this.#tools.random() < 0.3 ? null : pick(12, this.#tools));
      return;
    }
    const { status, text } = await this.#courier.carry(message);
    // No code is mailed for a license that is ended or suspended meanwhile.
    const isOver = call.kind === 'request' && status === 409 && /"license_(revoked|suspended)"/.test(text);
    if (isOver) this.#refused.add(call.name);
    if (status !== 200 && !isOver) {
      this.violations.push(`${status} ${text} for ${message.path} ${message.body}`);
    } else if (call.kind === 'request' && !isOver) {
      const texts = this.replies.get(call.name) ?? new Set();
      this.replies.set(call.name, texts.add(text));
    }
  }

  #eventsOf(together: readonly Delivery[]) {
    return together.flatMap(({ call, resent }) => {
      if (call.kind !== 'event') return [];
      const { event } = call;
      return resent ? { ...event, id: `${event.id}-again-${this.#counts.resent++}` } : event;
    });
  }

  #count(together: readonly Delivery[]): void {
    this.#counts.delivered += together.length;
    for (const { call, cut, round } of together) {
      if (cut) this.#counts.cut += 1;
      if (round === LATE) this.#counts.late += 1;
      if (call.kind === 'event' && call === together[0]?.call) this.#counts.batches += 1;
    }
  }
}
