/** GET /openapi.json and /docs. What they say is loaded and built when it is first asked for: no sale waits for it. */
import type { Readers } from './openapi.ts';
import { prepare, sendPrepared } from './prepared.ts';
import type { Context } from './request.ts';

/** Seconds: a new version of the service may say something else. */
const MAX_AGE = 300;

export function documentEndpoints(paths: readonly string[], readers: Readers) {
  let made: ReturnType<typeof makeDocuments> | undefined;
  const documents = () => {
    made ??= makeDocuments(paths, readers);
    return made;
  };
  return {
    asJson: async (context: Context): Promise<void> => sendPrepared(context, (await documents()).json),
    asPage: async (context: Context): Promise<void> => {
      const { html, pagePolicy } = await documents();
      context.set('Content-Security-Policy', pagePolicy);
      context.set('Referrer-Policy', 'no-referrer');
      sendPrepared(context, html);
    },
  };
}

async function makeDocuments(paths: readonly string[], readers: Readers) {
  const { openApiDocument } = await import('./openapi.ts');
  const { page, pagePolicy } = await import('./openapi-page.ts');
  const document = openApiDocument(paths, readers);
  return {
    json: prepare(`${JSON.stringify(document)}\n`, 'application/json', MAX_AGE),
    html: prepare(page(document), 'text/html; charset=utf-8', MAX_AGE),
    pagePolicy,
  };
}
