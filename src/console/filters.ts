/** The filters of a list, out of its address: a filter that cannot be read is told and left out. */
import { href } from '../html/href.ts';
import { icon } from '../html/icons.ts';
import { html, type Markup } from '../html/markup.ts';
import { query, type Visit } from './visit.ts';

export interface Filters<Name extends string> {
  readonly given: Readonly<Partial<Record<Name, string>>>;
  readonly refused: readonly Name[];
}

export function readFilters<Name extends string>(
  visit: Visit,
  tests: Readonly<Record<Name, (text: string) => boolean>>,
): Filters<Name> {
  const given: Partial<Record<Name, string>> = {};
  const refused: Name[] = [];
  for (const name of Object.keys(tests) as Name[]) {
    const text = query(visit, name);
    if (text === undefined) continue;
    if (tests[name](text)) given[name] = text;
    else refused.push(name);
  }
  return { given, refused };
}

export function isFiltered({ given }: Filters<string>): boolean {
  return Object.keys(given).length > 0;
}

/** The same list with these filters, and more. */
export function listAddress(
  path: string,
  { given }: Filters<string>,
  more: Readonly<Record<string, string>> = {},
): string {
  const named = Object.entries({ ...given, ...more }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const words = new URLSearchParams(Object.fromEntries(named)).toString();
  return href(words === '' ? path : `${path}?${words}`);
}

export function refusedNote({ refused }: Filters<string>): Markup | false {
  if (refused.length === 0) return false;
  return html`<p class="notice" role="status">${icon('warn')}<span>Left out, because it cannot be read: ${refused.join(', ')}.</span></p>`;
}

export function choice(
  name: string,
  label: string,
  chosen: string | undefined,
  options: readonly (readonly [string, string])[],
): Markup {
  return choiceOf(name, label, chosen ?? '', [['', 'all'], ...options]);
}

/** A choice of exactly these. */
export function choiceOf(
  name: string,
  label: string,
  chosen: string,
  options: readonly (readonly [string, string])[],
): Markup {
  return html`<div><label for="f-${name}">${label}</label><select id="f-${name}" name="${name}">${options.map(([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`)}</select></div>`;
}

export function dayField(name: string, label: string, value: string | undefined): Markup {
  return html`<div><label for="f-${name}">${label}</label><input id="f-${name}" name="${name}" type="date" value="${value ?? ''}"></div>`;
}

export function filterForm(path: string, fields: readonly Markup[]): Markup {
  return html`<form class="card filters" method="get" action="${path}" aria-label="Filter">${fields}<div class="buttons"><button class="button" type="submit">Show</button></div></form>`;
}

/** Older entries, and the way back to the newest. */
export function pager(
  path: string,
  filters: Filters<string>,
  next: number | undefined,
  isFirst: boolean,
): Markup | false {
  if (next === undefined && isFirst) return false;
  return html`<nav class="pager" aria-label="Pages">${isFirst ? html`<span></span>` : html`<a class="button" href="${listAddress(path, filters)}">The newest</a>`}${next !== undefined && html`<a class="button" href="${listAddress(path, filters, { before: String(next) })}">Older ones</a>`}</nav>`;
}
