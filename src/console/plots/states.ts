/** Licenses by state: four small lines, each on its own scale. */
import { scaleLinear } from 'd3-scale';
import type { LicenseState } from '../../domain/values/license.ts';
import { html, type Markup } from '../../html/markup.ts';
import { stateTag } from '../state-tag.ts';
import { grouped } from '../text.ts';
import { figuresTable, rounded } from './axis.ts';

export interface StateLine {
  readonly state: LicenseState;
  /** By week, the oldest first. */
  readonly counts: readonly number[];
}

export function statesPlot(lines: readonly StateLine[], weeks: readonly string[]): Markup {
  return html`<figure class="card"><figcaption><h2>Licenses by state</h2><span class="soft small">six months, each on its own scale</span></figcaption><div class="multiples">
${lines.map(small)}
</div>${figuresTable(
    'Licenses by state, as a table',
    ['week from', ...lines.map(({ state }) => state)],
    weeks.map((week, place) => [week, ...lines.map(({ counts }) => counts[place] ?? 0)]),
  )}</figure>`;
}

function small({ state, counts }: StateLine): Markup {
  const [first = 0] = counts;
  const last = counts.at(-1) ?? 0;
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  const x = scaleLinear()
    .domain([0, Math.max(1, counts.length - 1)])
    .range([4, 252]);
  const y = scaleLinear()
    .domain([low, high === low ? low + 1 : high])
    .range([36, 8]);
  const points = counts.map((count, place) => `${rounded(x(place))} ${rounded(y(count))}`);
  const change = last - first;
  const label = `${state} licenses, from ${grouped(first)} to ${grouped(last)}`;
  return html`<span>${stateTag(state)}</span><svg class="plot" viewBox="0 0 260 44" role="img" aria-label="${label}"><path class="area" d="M${points.join('L')}L252 44L4 44Z"/><path class="line" d="M${points.join('L')}"/><circle class="dot" cx="252" cy="${rounded(y(last))}" r="4"/></svg><p class="now">${grouped(last)}<small>${change > 0 ? '+' : ''}${grouped(change)}</small></p>`;
}
