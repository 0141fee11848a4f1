/** GET /docs: the OpenAPI document as a page. */
import type { Endpoint } from './edge/endpoint.ts';
import { preparedAnswers, sendPrepared } from './edge/prepared.ts';
import { text } from './edge/schemas.ts';
import type { Documents } from './openapi/documents.ts';

const TYPE = 'text/html; charset=utf-8';

export function docsEndpoint(documents: Documents): Endpoint {
  return {
    path: '/docs',
    get: {
      tag: 'for operators',
      summary: 'This document as a page',
      answers: preparedAnswers('HTML', TYPE, text),
      problems: [],
    },
    handle: async (context) => {
      const { html, pagePolicy } = await documents();
      context.set('Content-Security-Policy', pagePolicy);
      context.set('Referrer-Policy', 'no-referrer');
      sendPrepared(context, html);
    },
  };
}
