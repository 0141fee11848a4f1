/** Orders a week: bars by product, the running week pale. */
import type { Day } from '../../domain/values/day.ts';
import { html, type Markup } from '../../html/markup.ts';
import { longDay, monthName } from '../text.ts';
import { type Frame, figuresTable, rounded, valueAxis } from './axis.ts';

export interface Week {
  /** Its Monday. */
  readonly from: Day;
  /** Orders of each series, in the order of `series`. */
  readonly orders: readonly number[];
}

export interface WeeklyPlot {
  /** At most two: the product with the most orders, and all others. */
  readonly series: readonly string[];
  readonly weeks: readonly Week[];
  readonly all: string;
}

const CLASSES = ['s1', 's2'];

export function weeklyPlot({ series, weeks, all }: WeeklyPlot): Markup {
  const total = ({ orders }: Week) => orders.reduce((sum, count) => sum + count, 0);
  const whole = weeks.slice(0, -1);
  const counts = whole.map(total);
  const now = weeks.at(-1);
  const text = `Between ${Math.min(...counts)} and ${Math.max(...counts)} orders a week. This week has ${now === undefined ? 0 : total(now)} so far.`;
  return html`<figure class="card wide"><figcaption><h2>Orders a week</h2>${series.map((name, place) => html`<span class="key${place === 1 && ' two'}">${name}</span>`)}<span class="spacer"></span><a class="small" href="${all}">All of it</a></figcaption>
${bars('far', weeks, text, { left: 34, right: 934, top: 18, bottom: 180 })}
${bars('near', weeks.slice(-13), text, { left: 34, right: 330, top: 18, bottom: 180 })}
${figuresTable(
  'Orders a week, as a table',
  ['week from', ...series],
  weeks.map(({ from, orders }) => [longDay(from), ...orders]),
)}</figure>`;
}

function bars(size: 'far' | 'near', weeks: readonly Week[], text: string, frame: Frame): Markup {
  const total = ({ orders }: Week) => orders.reduce((sum, count) => sum + count, 0);
  const axis = valueAxis(Math.max(...weeks.map(total)), frame);
  const step = (frame.right - frame.left) / weeks.length;
  const width = rounded(step * 0.68);
  const id = `orders-${size}`;
  const columns = weeks.map((week, place) => {
    const x = rounded(frame.left + place * step + step * 0.16);
    let sum = 0;
    const isLast = place === weeks.length - 1;
    const parts = week.orders.map((count, series) => {
      const bottom = axis.place(sum);
      sum += count;
      const top = axis.place(sum);
      return count === 0
        ? ''
        : html`<rect class="${CLASSES[series] ?? 's2'}${isLast && ' faint'}" x="${x}" y="${top}" width="${width}" height="${rounded(bottom - top)}"/>`;
    });
    return html`<g>${parts}</g>${isLast && html`<text x="${rounded(x + width + 3)}" y="${axis.place(sum) + 4}">so far</text>`}`;
  });
  const labels = weeks.map(({ from }, place) => {
    const isFirst = place === 0 || from.slice(0, 7) !== weeks[place - 1]?.from.slice(0, 7);
    const isRoomy = place === 0 || place * step > 40;
    if (!isFirst || !isRoomy || place > weeks.length - 2) return '';
    const year = from.slice(5, 7) === '01' ? ` ${from.slice(0, 4)}` : '';
    return html`<text x="${rounded(frame.left + place * step)}" y="${frame.bottom + 18}">${monthName(from)}${year}</text>`;
  });
  return html`<svg class="plot ${size}" viewBox="0 0 ${frame.right + 46} 206" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">Orders a week over the last ${weeks.length} weeks</title><desc id="${id}-d">${text}</desc>${axis.grid}${columns}${labels}</svg>`;
}
