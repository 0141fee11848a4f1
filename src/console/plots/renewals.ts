/** Renewals by month: renewed, lapsed, and what comes due. */
import type { Day } from '../../domain/values/day.ts';
import { html, type Markup } from '../../html/markup.ts';
import { monthName } from '../text.ts';
import { type Frame, figuresTable, rounded, valueAxis } from './axis.ts';

export interface Month {
  readonly first: Day;
  readonly due: number;
  readonly kept: number;
  /** The month has not begun. */
  readonly isAhead: boolean;
}

const FRAME: Frame = { left: 30, right: 476, top: 22, bottom: 188 };

export function renewalsPlot(months: readonly Month[]): Markup {
  const axis = valueAxis(Math.max(...months.map(({ due }) => due)), FRAME);
  const step = (FRAME.right - FRAME.left) / months.length;
  const width = rounded(step * 0.66);
  const columns = months.map(({ due, kept, isAhead, first }, place) => {
    const x = rounded(FRAME.left + place * step + step * 0.17);
    const label =
      place % 2 === 0
        ? html`<text x="${rounded(x + width / 2)}" y="${FRAME.bottom + 18}" text-anchor="middle">${monthName(first)}</text>`
        : '';
    const above = (value: number | string) =>
      html`<text class="${isAhead ? '' : 'strong'}" x="${rounded(x + width / 2)}" y="${axis.place(due) - 5}" text-anchor="middle">${value}</text>`;
    if (isAhead)
      return html`${due > 0 && html`<rect class="due" x="${x}" y="${axis.place(due)}" width="${width}" height="${rounded(FRAME.bottom - axis.place(due))}"/>${above(due)}`}${label}`;
    const lapsed = due - kept;
    const isNow = months[place + 1]?.isAhead === true;
    return html`${kept > 0 && html`<rect class="s1" x="${x}" y="${axis.place(kept)}" width="${width}" height="${rounded(FRAME.bottom - axis.place(kept))}"/>`}${lapsed > 0 && html`<rect class="lapsed" x="${x}" y="${axis.place(due)}" width="${width}" height="${rounded(axis.place(kept) - axis.place(due))}"/>`}${isNow && due > 0 && above(`${Math.round((100 * kept) / due)} %`)}${label}`;
  });
  const past = months.filter(({ isAhead }) => !isAhead);
  const ahead = months.filter(({ isAhead }) => isAhead);
  const text = `In the last ${past.length} months ${sum(past, 'kept')} of ${sum(past, 'due')} licenses that were due were renewed. ${ahead.map(({ first, due }) => `${due} come due in ${monthName(first)}`).join(', ')}.`;
  return html`<figure class="card"><figcaption><h2>Renewals</h2><span class="key">renewed</span><span class="key lapsed">lapsed</span><span class="key due">coming due</span></figcaption><svg class="plot" viewBox="0 0 480 214" role="img" aria-labelledby="renewals-t renewals-d"><title id="renewals-t">Renewals by month</title><desc id="renewals-d">${text}</desc>${axis.grid}${columns}</svg>
${figuresTable(
  'Renewals by month, as a table',
  ['month', 'due', 'renewed'],
  months.map(({ first, due, kept }) => [first.slice(0, 7), due, kept]),
)}</figure>`;
}

function sum(months: readonly Month[], name: 'due' | 'kept'): number {
  return months.reduce((all, month) => all + month[name], 0);
}
