/** Orders as a table. */
import type { ListedOrder } from '../../domain/ports/ledger-reader.ts';
import { html, type Markup } from '../../html/markup.ts';
import { person } from '../person.ts';
import { stateTags } from '../state-tag.ts';
import { grouped, shortTime } from '../text.ts';
import { at, type Visit } from '../visit.ts';

export function unitsOf({ licenses, missing }: ListedOrder): number {
  return Object.values(licenses).reduce((sum, count) => sum + count, missing);
}

export function ordersTable(visit: Visit, orders: readonly ListedOrder[], label: string): Markup {
  const { parts, now } = visit;
  const title = (name: string) => parts.marketplaces.find((each) => each.name === name)?.title ?? name;
  const row = (order: ListedOrder) => html`<tr><td class="soft nowrap">${shortTime(order.at, now)}</td>
<td class="nowrap"><a href="${at(visit, 'orders', order.marketplace, order.order)}">${order.order}</a></td>
<td>${order.product === null ? html`<span class="soft">${order.line === '' ? 'no product named' : `${order.line}, no product file`}</span>` : (parts.catalog.get(order.product)?.name ?? order.product)}</td>
<td class="end">${grouped(unitsOf(order))}</td>
<td class="wrap">${person(order.customer)}</td>
<td class="soft">${title(order.marketplace)}</td>
<td>${stateTags(order.licenses)}${order.missing > 0 && html`<span class="state revoked">${order.missing} missing</span>`}</td></tr>`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table><thead><tr><th scope="col">time</th><th scope="col">order</th><th scope="col">product</th><th scope="col" class="end">units</th><th scope="col">customer</th><th scope="col">sold at</th><th scope="col">license</th></tr></thead><tbody>
${orders.map(row)}
</tbody></table></div>`;
}
