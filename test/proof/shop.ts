/** The shop model (test/shop) in bulk: stories by seed ranges; with the same --seed a stopped run resumes. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SHOPS, type ShopName } from '../shop/try-stories.ts';
import { atOnce } from './kit/buyers.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';
import { Progress } from './shop/progress.ts';

/** Stories per seed; a process starts in about a second. With --quick so few that each shop has its turn. */
const RANGE = 500;
const QUICK_RANGE = 100;
const PROCESSES = 2;

/** The stories for a control: most controls fail within the first stories, and the rarest, a stored card, within about 500. */
const CONTROL_RANGES = 4;

/** Paddle's `quantity` of a refund is the sold quantity (faults.md, 1). */
export const COUNTS_REFUNDS_BY_QUANTITY: Weakness = {
  file: 'src/marketplaces/paddle-classic/refunds.ts',
  changes: [
    [
      "return { kind: 'repaid', amount, currency, ...(type === 'vat' && { tax: true as const }) };",
      "return { kind: 'returned', product: null, quantity: Number(field('quantity')) };",
    ],
  ],
};

/** An edit of a subscription is paid with a charge that names it (faults.md, 71). */
export const TAKES_EDITS_AT_ONCE: Weakness = {
  file: 'src/marketplaces/fastspring/subscriptions.ts',
  changes: [["kind: 'announced',", "kind: 'resized',"]],
};

export const TAKES_EVENTS_AS_THEY_COME: Weakness = {
  file: 'src/marketplaces/fastspring/event.ts',
  changes: [['at: at ?? head.at,', 'at: Math.floor(performance.timeOrigin + performance.now()),']],
};

/** A proration may name the changed units alone. */
export const TAKES_PRORATED_UNITS_FOR_ALL: Weakness = {
  file: 'src/domain/subscriptions/paid-lines.ts',
  changes: [["if (part !== 'proration') return [", 'if (part !== null) return [']],
};

/** A proration that is credited takes units. */
export const KEEPS_CREDITED_UNITS: Weakness = {
  file: 'src/domain/subscriptions/paid-lines.ts',
  changes: [
    [
      'isMore ? quantity : change.quantity,',
      'isMore ? quantity : Math.max(change.quantity, before?.quantity ?? 0),',
    ],
  ],
};

/** A charge of 0 is no payment: after a trial it pays for no fallback, and it ends no dispute. */
export const TAKES_NOTHING_FOR_A_PAYMENT: Weakness = {
  file: 'src/marketplaces/fastspring/charges.ts',
  changes: [['const isFree = total === 0 && part === undefined;', 'const isFree = false;']],
};

export const LOSES_WON_DISPUTES: Weakness = {
  file: 'src/marketplaces/fastspring/chargebacks.ts',
  changes: [["  WON: { kind: 'dispute-won' }", "  WON: { kind: 'charged-back' }"]],
};

export const WINS_LOST_DISPUTES: Weakness = {
  file: 'src/marketplaces/fastspring/chargebacks.ts',
  changes: [["  LOST: { kind: 'dispute-lost' }", "  LOST: { kind: 'dispute-won' }"]],
};

/** A dispute that is told as new again after it was won is flagged. */
export const PASSES_OVER_REOPENED_DISPUTES: Weakness = {
  file: 'src/marketplaces/fastspring/chargebacks.ts',
  changes: [
    [
      "const isAgainst = body?.kind === 'charged-back' || body?.kind === 'dispute-lost';",
      'const isAgainst = false;',
    ],
  ],
};

/** What a part of a charge that the bank took back is of, nothing says. */
export const TAKES_PARTS_FOR_THE_WHOLE: Weakness = {
  file: 'src/domain/money/money.ts',
  changes: [['return isOther || amount < money.total - HALF_A_CENT;', 'return isOther;']],
};

export const PASSES_OVER_WARNINGS: Weakness = {
  file: 'src/marketplaces/paddle-billing/adjustments.ts',
  changes: [["  { kind: 'disputed' },\n  noted('the bank", "  noted('the bank"]],
};

/** The tax of an item is not the item. */
export const TAKES_TAX_FOR_ITEMS: Weakness = {
  file: 'src/marketplaces/paddle-billing/adjustments.ts',
  changes: [
    [
      "if (line === undefined || textOf(item['type']) === TAX) return [];",
      'if (line === undefined) return [];',
    ],
    ["full: textOf(item['type']) === 'full' }", "full: textOf(item['type']) !== 'partial' }"],
  ],
};

/** A stored card pays for nothing. */
export const TAKES_CARDS_FOR_PAYMENTS: Weakness = {
  file: 'src/marketplaces/paddle-billing/transactions.ts',
  changes: [
    [
      "    case 'subscription_recurring':\n",
      "    case 'subscription_payment_method_change':\n    case 'subscription_recurring':\n",
    ],
  ],
};

/** A proration after the return of its period's money pays for what it adds, not for the period. */
export const TAKES_PRORATIONS_FOR_PERIODS: Weakness = {
  file: 'src/domain/life/payment-of.ts',
  changes: [["!isProration && part !== 'extra' && !isOfOthers", "part !== 'extra' && !isOfOthers"]],
};

/** What a subscription left stays good where its product says so. */
export const FALLS_BACK_AT_THE_END_ALONE: Weakness = {
  file: 'src/domain/life/outcome.ts',
  changes: [
    [
      "if (terms.ended !== 'fallback' || left.paid",
      "if (!place.covered || terms.ended !== 'fallback' || left.paid",
    ],
  ],
};

/** A charge that is told by ids alone is for the edit that was announced before it. */
export const LEAVES_UNEXPANDED_EDITS: Weakness = {
  file: 'src/domain/subscriptions/paid-lines.ts',
  changes: [
    [
      'if (announced === undefined || announced.product === null) return undefined;',
      'if (announced !== null) return undefined;',
    ],
  ],
};

/** A return counts the pieces of a line, each of which may hold several units. */
export const TAKES_PACKS_FOR_UNITS: Weakness = {
  file: 'src/domain/money/returned-lines.ts',
  changes: [
    [
      '  const { quantity, price, shared, per = 1 } = sale;',
      '  const { quantity, price, shared } = sale, per = 1;',
    ],
  ],
};

/** What the product's attributes say of one of it. */
export const PASSES_OVER_PACKS: Weakness = {
  file: 'src/marketplaces/fastspring/wares.ts',
  changes: [['  const inPack = unitsOf(pack) ?? 1;', '  const inPack = 1;']],
};

/** A buyer who pays by hand pays for the next period, before its day. */
export const PAYS_FROM_THE_DAY_OF_PAYMENT: Weakness = {
  file: 'src/marketplaces/fastspring/charges.ts',
  changes: [['until === null && isManual(told)', 'false']],
};

/** With expansion, a product is an object. */
export const READS_NAMES_ALONE: Weakness = {
  file: 'src/marketplaces/fastspring/references.ts',
  changes: [
    ["return isRecord(product) ? textOf(product['product']) : textOf(product);", 'return textOf(product);'],
  ],
};

/** An add-on's order has the code of a license that its subscription identifies: it is the same sale. */
export const TAKES_ADD_ONS_FOR_FOREIGN: Weakness = {
  file: 'src/domain/held-codes.ts',
  changes: [['sale.subject !== of && subscriptionOf(order) === undefined;', 'sale.subject !== of;']],
};

/** Invoices that are not collected are no pause of the service. */
export const TAKES_FREE_TIME_FOR_A_PAUSE: Weakness = {
  file: 'src/marketplaces/stripe/subscriptions.ts',
  changes: [
    [
      "return 'pause_collection' in previous ? [noted(note, 'unclear')] : [];",
      "return 'pause_collection' in previous ? [{ kind: 'paused' }] : [];",
    ],
  ],
};

/** A subscription may have several items. */
export const READS_FIRST_ITEMS: Weakness = {
  file: 'src/marketplaces/stripe/subscriptions.ts',
  changes: [['const lines = items.map(', 'const lines = items.slice(0, 1).map(']],
};

/** What a subscription is no longer for ends. */
export const KEEPS_REMOVED_ITEMS: Weakness = {
  file: 'src/domain/subscriptions/stated-lines.ts',
  changes: [
    [
      'return isWhole ? known : withOtherLines(known, now, new Set());',
      'return withOtherLines(known, now, new Set());',
    ],
  ],
};

/** What the store judges fraudulent is charged back. */
export const PASSES_OVER_FRAUD: Weakness = {
  file: 'src/marketplaces/lemon-squeezy/orders.ts',
  changes: [["    ...(status === 'fraudulent'\n", "    ...(status === 'judged'\n"]],
};

/** Each product of a bundle is sold by itself. */
export const SELLS_BUNDLES: Weakness = {
  file: 'src/marketplaces/gumroad/sales.ts',
  changes: [["  if (is(sale, 'is_bundle_purchase')) return bundleFacts(reading);\n", '']],
};

/** Who stops paying installments keeps the license, until a person decides. */
export const TAKES_INSTALLMENTS_FOR_PERIODS: Weakness = {
  file: 'src/marketplaces/gumroad/periods.ts',
  changes: [[" && booleanOf(sale['is_recurring_billing']) !== false;", ';']],
};

/** An alert that is sent again under another id is the same refund. */
export const COUNTS_REFUNDS_BY_ALERT: Weakness = {
  file: 'src/marketplaces/paddle-classic/events.ts',
  changes: [["if (body.kind === 'repaid') return", "if (body.kind === 'refunded') return"]],
};

export const shop: Proof = {
  title:
    'stories of six marketplaces’ shops, in any order of delivery: paid units equal live licenses, mailed codes are of live ones, no flag is missing, the same end',
  unit: 'stories',
  quick: SHOPS.length * QUICK_RANGE,
  full: 100_000,
  run: (stories, tools) => playAll(stories, tools),
  controls: [
    {
      title: 'a refund’s quantity is taken for units returned',
      run: (tools) => playWeakened('paddle-classic', tools, COUNTS_REFUNDS_BY_QUANTITY),
    },
    {
      title: 'an edit holds before it is paid',
      run: (tools) => playWeakened('fastspring', tools, TAKES_EDITS_AT_ONCE),
    },
    {
      title: 'the changed units of a proration are taken for all units',
      run: (tools) => playWeakened('fastspring', tools, TAKES_PRORATED_UNITS_FOR_ALL),
    },
    {
      title: 'the credited units of a prorated downgrade stay',
      run: (tools) => playWeakened('fastspring', tools, KEEPS_CREDITED_UNITS),
    },
    {
      title: 'a charge of 0 is taken for a payment',
      run: (tools) => playWeakened('fastspring', tools, TAKES_NOTHING_FOR_A_PAYMENT),
    },
    {
      title: 'a won dispute lifts nothing',
      run: (tools) => playWeakened('fastspring', tools, LOSES_WON_DISPUTES),
    },
    {
      title: 'a lost dispute takes nothing',
      run: (tools) => playWeakened('fastspring', tools, WINS_LOST_DISPUTES),
    },
    {
      title: 'a dispute that is told again after it was won is not flagged',
      run: (tools) => playWeakened('fastspring', tools, PASSES_OVER_REOPENED_DISPUTES),
    },
    {
      title: 'a chargeback of a part takes the license',
      run: (tools) => playWeakened('fastspring', tools, TAKES_PARTS_FOR_THE_WHOLE),
    },
    {
      title: 'a warning of a chargeback suspends nothing',
      run: (tools) => playWeakened('paddle-billing', tools, PASSES_OVER_WARNINGS),
    },
    {
      title: 'a return of tax takes its item',
      run: (tools) => playWeakened('paddle-billing', tools, TAKES_TAX_FOR_ITEMS),
    },
    {
      title: 'a stored card pays for its period',
      run: (tools) => playWeakened('paddle-billing', tools, TAKES_CARDS_FOR_PAYMENTS),
    },
    {
      title: 'a proration pays for a period whose money went back',
      run: (tools) => playWeakened('fastspring', tools, TAKES_PRORATIONS_FOR_PERIODS),
    },
    {
      title: 'a license that was left for another product is not kept',
      run: (tools) => playWeakened('fastspring', tools, FALLS_BACK_AT_THE_END_ALONE),
    },
    {
      title: 'a charge told by its id leaves the edit before it',
      run: (tools) => playWeakened('fastspring', tools, LEAVES_UNEXPANDED_EDITS),
    },
    {
      title: 'the code of an add-on is taken for another sale’s',
      run: (tools) => playWeakened('fastspring', tools, TAKES_ADD_ONS_FOR_FOREIGN),
    },
    {
      title: 'invoices that are not collected pause the license',
      run: (tools) => playWeakened('stripe', tools, TAKES_FREE_TIME_FOR_A_PAUSE),
    },
    {
      title: 'a period that is paid ahead begins on the day of its payment',
      run: (tools) => playWeakened('fastspring', tools, PAYS_FROM_THE_DAY_OF_PAYMENT),
    },
    {
      title: 'the first item of a subscription is taken for all',
      run: (tools) => playWeakened('stripe', tools, READS_FIRST_ITEMS),
    },
    {
      title: 'an item that a subscription lost stays',
      run: (tools) => playWeakened('paddle-billing', tools, KEEPS_REMOVED_ITEMS),
    },
    {
      title: 'an order that the store judged fraudulent stays',
      run: (tools) => playWeakened('lemon-squeezy', tools, PASSES_OVER_FRAUD),
    },
    {
      title: 'a bundle is sold beside its products',
      run: (tools) => playWeakened('gumroad', tools, SELLS_BUNDLES),
    },
    {
      title: 'installments are taken for the periods of a membership',
      run: (tools) => playWeakened('gumroad', tools, TAKES_INSTALLMENTS_FOR_PERIODS),
    },
    {
      title: 'a pack that is returned takes one of its units',
      run: (tools) => playWeakened('fastspring', tools, TAKES_PACKS_FOR_UNITS),
    },
    {
      title: 'a pack is taken for one unit',
      run: (tools) => playWeakened('fastspring', tools, PASSES_OVER_PACKS),
    },
    {
      title: 'products are read where they are names alone',
      run: (tools) => playWeakened('fastspring', tools, READS_NAMES_ALONE),
    },
    {
      title: 'a refund that is told twice counts twice',
      run: (tools) => playWeakened('paddle-classic', tools, COUNTS_REFUNDS_BY_ALERT),
    },
    {
      title: 'events applied as they come',
      run: (tools) => playWeakened('fastspring', tools, TAKES_EVENTS_AS_THEY_COME),
    },
  ],
};

async function playAll(stories: number, tools: Tools): Promise<Outcome> {
  const progress = new Progress(tools.seed);
  const violations: string[] = [];
  let again = 0;
  const size = tools.quick ? QUICK_RANGE : RANGE;
  const ranges = Math.ceil(stories / size);
  await atOnce(Array(ranges).keys(), PROCESSES, async (number) => {
    const shopName = SHOPS[number % SHOPS.length] ?? SHOPS[0];
    const seed = tools.seed + number;
    const range = `${shopName}-${seed}-${size}`;
    const known = progress.find(range);
    if (known !== undefined) again += 1;
    const failure = known ?? (await playRange(shopName, seed, size));
    progress.note(range, failure);
    if (failure !== '') violations.push(failure);
  });
  if (again > 0) tools.note(`${again} ranges were played by a run before`);
  return { done: ranges * size, violations };
}

/** Stories of the shop with a weakened reader, until one fails. */
async function playWeakened(shopName: ShopName, { seed }: Tools, weakness: Weakness): Promise<Outcome> {
  let played = 0;
  while (played < CONTROL_RANGES) {
    const failure = await playRange(shopName, seed + played, RANGE, weakness);
    played += 1;
    if (failure !== '') return { done: played * RANGE, violations: [failure] };
  }
  return { done: played * RANGE, violations: [] };
}

/** The smallest failed story; empty where none failed. */
async function playRange(
  shopName: ShopName,
  seed: number,
  stories: number,
  weakness?: Weakness,
): Promise<string> {
  const { imports = [], env = {} } = weakness === undefined ? {} : weakened(weakness);
  const flags = ['src/launch.js', ...imports].flatMap((file) => ['--import', `./${file}`]);
  const script = join(import.meta.dirname, 'shop/worker.ts');
  const words = [shopName, String(seed), String(stories), ...(weakness === undefined ? [] : ['first'])];
  const child = spawn(process.execPath, [...flags, script, ...words], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (out === '') throw new Error(err);
  const { failure } = JSON.parse(out) as { failure: string | null };
  return failure ?? '';
}
