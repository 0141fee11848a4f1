/** GET /openapi.json: all endpoints as OpenAPI 3.1. */
import { z } from 'zod';
import type { Endpoint } from './edge/endpoint.ts';
import { preparedAnswers, sendPrepared } from './edge/prepared.ts';
import type { Documents } from './openapi/documents.ts';

const documentAnswer = z
  .looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
  .meta({ id: 'Document', description: 'This document' });

export function openApiEndpoint(documents: Documents): Endpoint {
  return {
    path: '/openapi.json',
    get: {
      tag: 'for operators',
      summary: 'This document',
      answers: preparedAnswers('OpenAPI 3.1', 'application/json', documentAnswer),
      problems: [],
    },
    handle: async (context) => sendPrepared(context, (await documents()).json),
  };
}
