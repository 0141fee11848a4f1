/** An order that the ledger does not have: what can be searched for, and the newest events that name it. */
import type { KeptEvent } from '../../domain/facts/event.ts';
import { html, type Markup } from '../../html/markup.ts';
import { shortTime } from '../text.ts';
import { type Answer, at, type Visit } from '../visit.ts';

/** Of the failed events, and of all: the newest. */
const LOOKED_AT = 50;
/** A shorter text is in a payload by chance. */
const SHORTEST = 5;

export async function unknownOrder(visit: Visit, order: string, told: string): Promise<Answer> {
  const events = order.length < SHORTEST ? [] : await eventsNaming(visit, order);
  const body = html`<div class="head"><h1>Nothing here</h1></div><div class="stack">
<section class="card flow" aria-label="The order"><p>${told}</p>
<p class="soft">Search for it above: the whole number, its beginning, an e-mail address or a code.</p></section>
${events.length > 0 && named(visit, events)}</div>`;
  return {
    title: `Order ${order}`,
    nav: 'orders',
    counterpart: 'orders',
    body,
    status: 404,
    searched: order,
  };
}

async function eventsNaming({ parts, mode }: Visit, order: string): Promise<readonly KeptEvent[]> {
  const { ledger, reader } = parts;
  const pages = await Promise.all(
    (['failed', 'all'] as const).map((which) => reader.listEventPage({ mode, which, limit: LOOKED_AT })),
  );
  const found: KeptEvent[] = [];
  for (const { marketplace, id } of pages.flat()) {
    if (found.some((each) => each.id === id && each.marketplace === marketplace)) continue;
    const [event] = await ledger.findEvents({ marketplace, mode, id, limit: 1 });
    if (event?.payload?.includes(order)) found.push(event);
  }
  return found;
}

function named(visit: Visit, events: readonly KeptEvent[]): Markup {
  return html`<section class="card flow" aria-labelledby="named"><h2 id="named">Events that name it</h2><ul>${events.map(
    ({ marketplace, id, type, receivedAt, fault }) =>
      html`<li class="wrap"><a href="${at(visit, 'events', marketplace, id)}"><code>${type}</code></a> <span class="soft">${shortTime(receivedAt, visit.now)}${fault !== null && `: ${fault}`}</span></li>`,
  )}</ul></section>`;
}
