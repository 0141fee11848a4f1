/** The page after the checkout: without script and further files, so it loads itself again by its head. Loaded with the first claim. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Texts } from '../customer/texts.ts';
import type { Claim } from '../domain/requests/claim.ts';
import type { Markup } from '../html/markup.ts';

const { html, trusted } = await import('../html/markup.ts');
const { documentOf } = await import('../html/document.ts');
const { PAGE_HEADERS } = await import('../html/policy.ts');

/** Seconds until the page asks again; the request itself waits some seconds. */
const RELOAD_SECONDS = 3;

const STYLE = readFileSync(new URL('../html/assets/mintmark.css', import.meta.url), 'utf8');

const STYLE_DIGEST = createHash('sha256').update(STYLE).digest('base64');

export const CLAIM_HEADERS: Record<string, string> = {
  ...PAGE_HEADERS,
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_DIGEST}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

/** `busy`: too many pages were asked for. */
export type ShownClaim = Claim | { readonly outcome: 'busy' };

/** `again`: the query of the next try; undefined: no further one. */
export function claimPage(
  claim: ShownClaim,
  again: string | undefined,
  texts: Texts,
  nameOf: (product: string) => string,
): string {
  const reload = claim.outcome === 'waiting' ? again : undefined;
  const { title, body } = contentOf(claim, reload !== undefined, texts, nameOf);
  return documentOf({
    title,
    inline: trusted(STYLE),
    ...(reload !== undefined && { reload: { seconds: RELOAD_SECONDS, address: reload } }),
    customer: { language: texts.language, skip: texts.say('skip'), styles: [], icon: undefined },
    body: html`<main id="main">
<h1>${title}</h1>
${body}
</main>`,
  });
}

function contentOf(
  claim: ShownClaim,
  isAsked: boolean,
  texts: Texts,
  nameOf: (product: string) => string,
): { readonly title: string; readonly body: Markup } {
  const paragraph = (key: string) => html`<p>${texts.say(key)}</p>`;
  if (claim.outcome === 'codes') {
    const { licenses } = claim;
    // Nobody takes the code of a test order for one that works.
    const isTest = licenses.some(({ mode }) => mode === 'test');
    return {
      title: texts.say(licenses.length === 1 ? 'claim.code' : 'claim.codes'),
      body: html`${isTest && html`<p><strong>${texts.say('test_order')}</strong></p>`}${licenses.map(
        ({ product, code }) => html`<h2>${nameOf(product)}</h2>
<pre>${code}</pre>`,
      )}
${paragraph('claim.keep')}`,
    };
  }
  if (claim.outcome === 'waiting' && isAsked) {
    const body = html`<p role="status">${texts.say('claim.waiting')}</p>`;
    return { title: texts.say('claim.thanks'), body };
  }
  return {
    title: texts.say('claim.thanks'),
    body: paragraph(claim.outcome === 'busy' ? 'claim.busy' : 'claim.over'),
  };
}
