/** The page after the checkout: without script and further files, so it loads itself again by its head. Loaded with the first claim. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Claim } from '../domain/claim.ts';
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

/** `again`: the query of the next try; undefined: no further one. */
export function claimPage(
  claim: Claim,
  again: string | undefined,
  nameOf: (product: string) => string,
): string {
  const reload = claim.outcome === 'waiting' ? again : undefined;
  const { title, body } = contentOf(claim, reload !== undefined, nameOf);
  return documentOf({
    title,
    inline: trusted(STYLE),
    ...(reload !== undefined && { reload: { seconds: RELOAD_SECONDS, address: reload } }),
    customer: { language: 'en', skip: 'Skip to content', styles: [], icon: undefined },
    body: html`<main id="main">
<h1>${title}</h1>
${body}
</main>`,
  });
}

/** Nobody takes the code of a test order for one that works. */
const TEST_ORDER = html`<p><strong>This is a test order.</strong> A program that customers have does not accept its codes.</p>
`;

function contentOf(
  claim: Claim,
  isAsked: boolean,
  nameOf: (product: string) => string,
): { readonly title: string; readonly body: Markup } {
  if (claim.outcome === 'codes') {
    const { licenses } = claim;
    return {
      title: licenses.length === 1 ? 'Your license code' : 'Your license codes',
      body: html`${licenses.some(({ mode }) => mode === 'test') && TEST_ORDER}${licenses.map(
        ({ product, code }) => html`<h2>${nameOf(product)}</h2>
<pre>${code}</pre>`,
      )}
<p>Copy it now and keep it: this page shows it for an hour, a few times.</p>`,
    };
  }
  if (claim.outcome === 'waiting' && isAsked) {
    return {
      title: 'Thank you for your order',
      body: html`<p role="status">Your license code is being made. This page loads itself again in a few seconds.</p>`,
    };
  }
  return {
    title: 'Thank you for your order',
    body: html`<p>This page cannot show your license code (any more). It is sent to you by e-mail; if it does not arrive, answer to the receipt of your order.</p>`,
  };
}
