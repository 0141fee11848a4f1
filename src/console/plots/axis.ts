/** The scale and the grid of a plot with bars from zero. */
import { scaleLinear } from 'd3-scale';
import { html, type Markup } from '../../html/markup.ts';

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface ValueAxis {
  /** The place of a value, from the top. */
  readonly place: (value: number) => number;
  readonly grid: Markup;
}

export function valueAxis(largest: number, { left, right, top, bottom }: Frame): ValueAxis {
  const scale = scaleLinear()
    .domain([0, Math.max(1, largest)])
    .nice(4)
    .range([bottom, top]);
  const ticks = scale.ticks(4).filter((tick) => Number.isInteger(tick));
  const grid = html`${ticks.map((tick) => {
    const y = rounded(scale(tick));
    return html`<line class="${tick === 0 ? 'base' : 'grid'}" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/><text x="${left - 8}" y="${y + 4}" text-anchor="end">${tick}</text>`;
  })}`;
  return { place: (value) => rounded(scale(value)), grid };
}

export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The table of a plot, for who wants or needs numbers. */
export function figuresTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Markup {
  return html`<details class="more"><summary>As a table</summary><div class="scroll figures" tabindex="0" role="group" aria-label="${caption}"><table><thead><tr>${heads.map((head, place) => html`<th scope="col"${place > 0 && html` class="end"`}>${head}</th>`)}</tr></thead><tbody>
${rows.map((row) => html`<tr>${row.map((cell, place) => (place === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="end">${cell}</td>`))}</tr>`)}
</tbody></table></div></details>`;
}
