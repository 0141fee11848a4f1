/** The history of an order, as the commands show it. */

import type { KeptEvent } from '../domain/facts/event.ts';
import { byTime } from '../domain/facts/fact-order.ts';
import type { OrderStory } from '../domain/ports/ledger-views.ts';
import { factText } from '../message/fact-text.ts';
import type { SentText } from '../service/sent-text.ts';
import { eventJson, eventLine } from './event-text.ts';
import { factJson } from './fact-text.ts';
import type { FeatureNames } from './feature-names.ts';
import { flagJson, flagLines } from './flag-text.ts';
import { licenseJson, licenseScreen, timeText } from './license-text.ts';
import { printable } from './printable.ts';

export interface ShownOrder extends OrderStory {
  readonly order: string;
  /** Oldest first. */
  readonly events: readonly KeptEvent[];
  readonly texts: readonly SentText[];
  readonly namesOf: FeatureNames;
}

/** Above this number, licenses are counted; `license show` shows each. */
const MOST_SHOWN = 20;

export function orderScreen({
  order,
  licenses,
  owed,
  facts,
  flags,
  events,
  texts,
  namesOf,
}: ShownOrder): string {
  const open = flags.filter(({ settledAt }) => settledAt === null);
  const settled = flags.filter(({ settledAt }) => settledAt !== null);
  const missing = owed.filter((line) => line.missing > 0);
  const rest = licenses.length - MOST_SHOWN;
  const markets = new Set([...licenses, ...owed, ...facts].map(marketOf));
  const market = (of: Market) => (markets.size > 1 ? ` (${marketOf(of)})` : '');
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['To look at', open.map(flagLines)],
    ['Owed', missing.map(owedLine)],
    [
      'Licenses',
      [
        licenses
          .slice(0, MOST_SHOWN)
          .map((license) => licenseScreen(license, namesOf))
          .join('\n'),
      ].filter(Boolean),
    ],
    ['', rest > 0 ? [`and ${rest} more: ledger find ${order} shows all\n`] : []],
    [
      'Told',
      [...facts]
        .sort(byTime)
        .map((fact) => told(timeText(fact.at), fact.cause, `${factText(fact.body)}${market(fact)}`)),
    ],
    ['Events', events.map((event) => eventLine(event, []))],
    ['Settled flags', settled.map(flagLines)],
    ...texts.map((text): [string, string[]] => [sentHead(text, order, market(text)), [text.text]]),
  ];
  const orders = new Set([...licenses, ...owed].map((each) => each.order));
  const belongs =
    orders.size === 0 || orders.has(order)
      ? ''
      : printable(`, which belongs to ${[...orders].join(' and ')}`);
  const filled = sections.filter(([, lines]) => lines.length > 0);
  return [
    `Order ${printable(order)}${belongs}\n`,
    ...filled.map(([head, lines]) => `${head === '' ? '' : `\n${head}\n`}${lines.join('')}`),
  ].join('');
}

function owedLine({
  marketplace,
  mode,
  line,
  product,
  quantity,
  missing,
  since,
}: OrderStory['owed'][number]) {
  const what =
    product ?? (line === '' ? 'what the sale does not name' : `${line}, which no product file names,`);
  return `${printable(`${missing} of ${quantity} units of ${what} ${missing === 1 ? 'has' : 'have'} no license, sold ${timeText(since)} (${marketplace}, ${mode})`)}\n`;
}

function told(at: string, cause: string, what: string): string {
  return `${printable(`${at}  ${what}  (${cause})`)}\n`;
}

type Market = Pick<SentText, 'marketplace' | 'mode'>;

function marketOf({ marketplace, mode }: Market): string {
  return `${marketplace}, ${mode}`;
}

/** `market`: which of the orders it is, where several have this number. */
function sentHead(
  { product, units, at, form, order, isAhead }: SentText,
  shown: string,
  market: string,
): string {
  const of = units.length === 1 ? `unit ${units[0]}` : `${units.length} units`;
  const framed = form === 'codes' ? ', which the marketplace sent in its own mail' : '';
  const under = order === shown ? '' : ` under order ${order}`;
  const what = `${of} of ${product}${under}${market}`;
  if (isAhead)
    return printable(
      `Kept since ${timeText(at)} for a repeat of the request, for ${what}; nobody was sent it then:`,
    );
  return printable(`Sent ${timeText(at)} for ${what}${framed}:`);
}

/** An order as `--json` prints it. Customer and texts only with `--personal`, since the texts name the customer. */
export function shownOrderJson(shown: ShownOrder, personal: boolean) {
  const { order, licenses, owed, facts, flags, events, texts } = shown;
  return {
    order,
    licenses: licenses.map((license) => ({
      ...licenseJson(license),
      ...(personal && { customer: license.customer }),
    })),
    owed: owed.map(({ since, due, ...line }) => ({
      ...line,
      since: timeText(since),
      due: due === null ? null : timeText(due),
    })),
    facts: [...facts].sort(byTime).map(factJson),
    flags: flags.map(flagJson),
    events: events.map((event) => eventJson(event, [], false)),
    ...(personal && { texts: texts.map((text) => ({ ...text, at: timeText(text.at) })) }),
  };
}
