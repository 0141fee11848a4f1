/** The OpenAPI document as a page: one file that loads nothing, runs no script and has a dark mode. */
import { createHash } from 'node:crypto';
import type { oas32 } from 'zod-openapi';
import type { Document } from './document.ts';

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ccc, #555); --soft: light-dark(#f4f4f4, #262626); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; }
h3 { border-top: 1px solid var(--line); padding-top: 1rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
caption { text-align: left; font-weight: bold; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
th { white-space: nowrap; }
td code { overflow-wrap: anywhere; }
`;

/** Allows only the style above, by its digest (Content Security Policy Level 3). */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The media type of every error: not repeated in each row. */
const PROBLEM = 'application/problem+json';

export function page({ info, paths = {}, webhooks = {}, components = {} }: Document): string {
  const operations = Object.entries<oas32.PathItemObject>(paths).flatMap(([path, { get, post }]) => [
    ...(get ? [{ method: 'GET', path, operation: get }] : []),
    ...(post ? [{ method: 'POST', path, operation: post }] : []),
  ]);
  const sent = Object.entries<oas32.PathItemObject>(webhooks).flatMap(([path, { post }]) =>
    post ? [{ method: 'POST', path, operation: post }] : [],
  );
  const tags = [...Map.groupBy([...operations, ...sent], ({ operation }) => operation.tags?.[0] ?? '')];
  const schemas = Object.entries(components.schemas ?? {});
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)}: HTTP API</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(info.title)}: HTTP API</h1>
<p>${prose(info.description ?? '')}</p>
<p>The same for machines: <a href="/openapi.json">openapi.json</a></p>
</header>
<nav aria-label="Contents">
<ul>
${tags.map(([tag, each]) => `<li>${text(tag)}<ul>${each.map((one) => `<li><a href="#${idOf(one)}"><code>${one.method} ${text(one.path)}</code></a></li>`).join('')}</ul></li>`).join('\n')}
<li><a href="#schemas">what goes over the wire</a></li>
</ul>
</nav>
<main>
${tags.map(([tag, each]) => `<section>\n<h2>${text(tag)}</h2>\n${each.map(article).join('\n')}\n</section>`).join('\n')}
<section>
<h2 id="schemas">What goes over the wire</h2>
${schemas.map(([name, schema]) => `<h3 id="schema-${text(name)}">${text(name)}</h3>\n<pre tabindex="0"><code>${text(JSON.stringify(schema, null, 2))}</code></pre>`).join('\n')}
</section>
</main>
</body>
</html>
`;
}

interface Called {
  readonly method: string;
  readonly path: string;
  readonly operation: oas32.OperationObject;
}

function article(called: Called): string {
  const { method, path, operation } = called;
  const { summary = '', description, parameters = [], requestBody, responses = {} } = operation;
  const given = parameters
    .filter(isInline)
    .map(({ name, in: where, required, description: meaning, schema }) => [
      `<code>${text(name)}</code> (${text(where)}${required ? '' : ', optional'})`,
      meaning === undefined ? schemaOf(schema) : prose(meaning),
    ]);
  const sent = contentOf(requestBody).map(([type, schema]) => [
    `<code>${text(type)}</code>`,
    schemaOf(schema),
  ]);
  const answered = Object.entries<oas32.ResponseObject>(responses).map(([status, answer]) => [
    status,
    prose(answer.description ?? ''),
    contentOf(answer)
      .map(([type, schema]) =>
        type === PROBLEM ? schemaOf(schema) : `<code>${text(type)}</code> ${schemaOf(schema)}`,
      )
      .join('<br>'),
  ]);
  return `<article aria-labelledby="${idOf(called)}">
<h3 id="${idOf(called)}"><code>${method} ${text(path)}</code></h3>
<p>${prose(summary)}.${description === undefined ? '' : ` ${prose(description)}`}</p>
${table('Parameters', ['name', 'what'], given)}${table('Body', ['type', 'what'], sent)}${table('Answers', ['status', 'when', 'what'], answered)}</article>`;
}

/** References stand for schemas only: nothing else is registered as a component. */
function isInline<T extends object>(value: T | oas32.ReferenceObject): value is T {
  return !('$ref' in value);
}

type Schema = oas32.SchemaObject | oas32.ReferenceObject;

function contentOf(
  holder: oas32.RequestBodyObject | oas32.ResponseObject | oas32.ReferenceObject | undefined,
): [type: string, schema: Schema | undefined][] {
  if (holder === undefined || !isInline(holder)) return [];
  return Object.entries(holder.content ?? {}).map(([type, content]) => [
    type,
    isInline(content) ? content.schema : undefined,
  ]);
}

/** The first cell of each row is its heading. */
function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = heads.map((name) => `<th scope="col">${name}</th>`).join('');
  const lines = rows.map(
    ([first, ...others]) =>
      `<tr><th scope="row">${first}</th>${others.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
  );
  return `<table>\n<caption>${caption}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>\n`;
}

function schemaOf(schema: Schema | undefined): string {
  if (typeof schema === 'object' && schema.$ref !== undefined) {
    const name = text(schema.$ref.split('/').at(-1) ?? '');
    return `<a href="#schema-${name}">${name}</a>`;
  }
  return `<code>${text(JSON.stringify(schema))}</code>`;
}

function idOf({ method, path }: Pick<Called, 'method' | 'path'>): string {
  return `${method}${path}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** Escaped text; back ticks mark code. */
function prose(written: string): string {
  return text(written).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function text(raw: string): string {
  return raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
