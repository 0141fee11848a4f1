/** The product files in words, and the preview of a mail. */
import type { MailTopic } from '../../domain/values/announcement.ts';
import type { Product } from '../../domain/values/product.ts';
import { icon } from '../../html/icons.ts';
import { html, type Markup, trusted } from '../../html/markup.ts';
import { choiceOf, filterForm } from '../filters.ts';
import type { ReadProducts } from '../parts.ts';
import { countedThings } from '../text.ts';
import { at, type Visit } from '../visit.ts';

export const MAIL_STYLE =
  'body{font:16px/1.55 system-ui,sans-serif;margin:1rem;overflow-wrap:anywhere;color:#1c2225;background:#fff}pre{white-space:pre-wrap;background:#f0eee8;padding:.8rem;border-radius:.4rem}';

/** `content`: HTML of Markdown that was proved to hold none of its own (message/proof.ts). */
export function mailDocument(title: string, language: string, content: string): string {
  return String(
    html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>The mail of ${title}</title><style>${trusted(MAIL_STYLE)}</style></head><body><main>${trusted(content)}</main></body></html>`,
  );
}

export function productsPage(visit: Visit, products: readonly Product[], read: ReadProducts): Markup {
  return html`<div class="head"><h1>Products</h1><p class="soft">one file each, as they were when the service started</p></div>
<div class="stack">${'fault' in read && faultNotice(read.fault)}<section class="card" aria-label="Products"><div class="scroll" tabindex="0" role="group" aria-label="Products, as a table"><table><thead><tr><th scope="col">product</th><th scope="col">file</th><th scope="col">valid</th><th scope="col">sold at</th></tr></thead><tbody>
${products.map(
  ({ id, name, term, marketplaces }) =>
    html`<tr><td><a href="${at(visit, 'products', id)}">${name}</a></td><td><code>${id}.md</code></td><td>${termText(term)}</td><td>${
      Object.keys(marketplaces)
        .map((market) => titleOf(visit, market))
        .join(', ') || html`<span class="soft">nowhere</span>`
    }</td></tr>`,
)}
</tbody></table></div></section></div>`;
}

const titleOf = ({ parts }: Visit, name: string): string =>
  parts.marketplaces.find((each) => each.name === name)?.title ?? name;

const UNIT_NAMES = { Y: 'year', M: 'month', W: 'week', D: 'day' } as const;

/** `P1Y` as `1 year`. */
export function termText(term: string): string {
  if (term === 'perpetual' || term === 'unlimited') return 'for good';
  const parts = [...term.matchAll(/(\d+)([YMWD])/g)].map(([, count, unit]) => {
    const name = UNIT_NAMES[unit as keyof typeof UNIT_NAMES];
    return `${count} ${name}${count === '1' ? '' : 's'}`;
  });
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** What a preview shows. `language` '': that of the file itself. */
export interface PickedMail {
  readonly units: string;
  readonly topic: MailTopic;
  readonly language: string;
}

/** What the disk holds now, beside the file in force. */
export type Newer = 'same' | 'waits' | 'gone' | { readonly fault: string };

export interface ProductValues {
  readonly product: Product;
  readonly picked: PickedMail;
  readonly topics: readonly MailTopic[];
  readonly subject: string;
  readonly text: string;
  readonly newer: Newer;
  /** Licenses that were sold under other terms. */
  readonly otherTerms: number;
  readonly did: string | undefined;
}

function faultNotice(fault: string): Markup {
  return html`<div class="notice" role="alert">${icon('warn')}<div><p>The files on the disk have faults. Those in force go on; a start would fail.</p><pre class="text" tabindex="0">${fault}</pre></div></div>`;
}

function newerNotice(newer: Newer): Markup | false {
  if (newer === 'same') return false;
  if (newer === 'waits')
    return html`<p class="notice">${icon('wait')}<span>A newer file waits for a restart: what stands here is in force until then.</span></p>`;
  if (newer === 'gone')
    return html`<p class="notice">${icon('warn')}<span>The file is gone: after a restart this product is not sold any more. Sold licenses stay.</span></p>`;
  return faultNotice(newer.fault);
}

export function productPage(visit: Visit, values: ProductValues): Markup {
  const { product, picked, topics, subject, text, newer, otherTerms, did } = values;
  const { id, name, term, grace, updates, quantity, seats, features, grants, overdue, ended, refund } =
    product;
  const own = at(visit, 'products', id);
  const words = new URLSearchParams({ ...picked }).toString();
  const languages = Object.keys(product.translations);
  return html`<nav class="small soft" aria-label="You are here"><a href="${at(visit, '')}">Overview</a> / <a href="${at(visit, 'products')}">Products</a> / ${name}</nav>
<div class="head"><h1>${name}</h1><p class="soft">file <code>${id}.md</code></p></div>
<div class="stack">
${did !== undefined && html`<p class="notice good" role="status">${icon('check')}<span>${did}</span></p>`}${newerNotice(newer)}
${otherTerms > 0 && html`<p class="notice">${icon('warn')}<span>${countedThings(otherTerms, 'license')} sold under other terms. <a data-dialog href="${own}/apply">Apply the file to them…</a></span></p>`}
<section class="card" aria-labelledby="says"><h2 id="says">What the file says</h2><dl class="facts">
<dt>Valid</dt><dd>${termText(term)}${term !== 'perpetual' && html`, and ${termText(grace)} of grace`}</dd>
<dt>Versions</dt><dd>${updates === 'unlimited' ? 'all, for good' : `those of ${termText(updates)} from the sale on`}</dd>
<dt>Several units</dt><dd>${quantity === 'codes' ? 'a code each' : 'one code with the seats of all'}</dd>
<dt>Seats</dt><dd>${seats === 0 ? 'unlimited' : seats}</dd>
<dt>Features</dt><dd>${features.length === 0 ? 'none' : features.map((feature) => (grants.includes(feature) ? feature : `${feature} (off)`)).join(', ')}</dd>
<dt>A payment is overdue</dt><dd>${overdue === 'suspend' ? 'it is suspended' : 'it goes on'}</dd>
<dt>The subscription ends</dt><dd>${{ expire: 'it runs out', revoke: 'it is revoked', fallback: 'it stays good for the versions of that day' }[ended]}</dd>
<dt>A refund</dt><dd>${refund === 'revoke' ? 'revokes it' : 'keeps it'}</dd>
<dt>Sold at</dt><dd>${Object.entries(product.marketplaces).map(([market, { products, reply }]) => html`${titleOf(visit, market)}${products.length > 0 && html` as <code>${products.join(', ')}</code>`}, answered with ${reply === 'codes' ? 'the codes' : 'the text'}<br>`)}</dd>
</dl></section>
<section class="card flow" aria-labelledby="mail"><div class="head"><h2 id="mail">The mail, as a buyer gets it</h2><span class="soft small">the codes are made up and unlock nothing</span></div>
${filterForm(own, [
  choiceOf(
    'topic',
    'Occasion',
    picked.topic,
    topics.map((topic) => [topic, topic]),
  ),
  choiceOf('units', 'Units', picked.units, [
    ['1', '1'],
    ['3', '3'],
  ]),
  ...(languages.length > 0
    ? [
        choiceOf('language', 'Language', picked.language, [
          ['', 'of the file'],
          ...languages.map((tag) => [tag, tag] as const),
        ]),
      ]
    : []),
])}
<p><span class="soft">Subject</span> ${subject}</p>
<iframe class="mail" title="The mail of ${name}: ${picked.topic}, ${picked.units}" sandbox src="${own}/mail?${words}"></iframe>
<details class="more"><summary>As plain text</summary><pre class="text" tabindex="0">${text}</pre></details></section></div>`;
}
