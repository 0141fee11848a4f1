/** A text as the HTML of a mail: what marked makes of it, in a plain frame. */
import { createRequire } from 'node:module';
import type { Marked } from 'marked';

/** Loads a package where it is first needed, without `await`. */
const require = createRequire(import.meta.url);

let made: Marked | undefined;

/** A code wraps where the window ends, and has no space or line end in it: it is copied whole. */
const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.55 system-ui, -apple-system, sans-serif; max-width: 42rem; margin: 0 auto; padding: 1.5rem 1.25rem;
    color: #1d1d1f; background: #fff; overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; padding: .9rem 1rem; border-radius: .4rem; background: #f2f2f0; }
  pre, code { font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; }
  a { color: #0a58ca; }
  table { border-collapse: collapse; } th, td { padding: .3rem .7rem; border: 1px solid #8886; }
  @media (prefers-color-scheme: dark) {
    body { color: #ececee; background: #1c1c1e; } pre { background: #2a2a2c; } a { color: #7ab8ff; }
  }
`;

/**
 * A whole page, without anything remote. Only for a text that passed the proof: marked finds no HTML in it, so nothing
 * of it becomes markup.
 */
export function mailPage(title: string, text: string, language = 'en'): string {
  return page(title, marked(text), language);
}

/** Several mails below each other, for a person who looks at them. */
export function mailsPage(
  title: string,
  mails: readonly { readonly heading: string; readonly text: string }[],
): string {
  return page(
    title,
    mails.map(({ heading, text }) => `<h2>${escapeHtml(heading)}</h2>\n${marked(text)}<hr>\n`).join(''),
    'en',
  );
}

/** A picture would tell its server who reads the mail: its words stand for it. */
const renderer = { image: ({ text }: { readonly text: string }) => escapeHtml(text) };

function marked(text: string): string {
  made ??= new (require('marked') as typeof import('marked')).Marked({ gfm: true, async: false, renderer });
  return String(made.parse(text));
}

function page(title: string, body: string, language: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
