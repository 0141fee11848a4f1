/** The OpenAPI document and its page: loaded and made at the first request for them, so that no sale waits for it. */
import type { Endpoint } from '../edge/endpoint.ts';
import { type Prepared, prepare } from '../edge/prepared.ts';

interface Made {
  readonly json: Prepared;
  readonly html: Prepared;
  /** The Content-Security-Policy of the page. */
  readonly pagePolicy: string;
}

/** Promises the same documents each time. */
export type Documents = () => Promise<Made>;

/** Seconds: a new version of the service may describe something else. */
const MAX_AGE = 300;

export function documentsOf(endpoints: () => readonly Endpoint[]): Documents {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make(endpoints());
    return made;
  };
}

async function make(endpoints: readonly Endpoint[]): Promise<Made> {
  const { openApiDocument } = await import('./document.ts');
  const { page, pagePolicy } = await import('./page.ts');
  const document = openApiDocument(endpoints);
  return {
    json: prepare(`${JSON.stringify(document)}\n`, 'application/json', MAX_AGE),
    html: prepare(page(document), 'text/html; charset=utf-8', MAX_AGE),
    pagePolicy,
  };
}
