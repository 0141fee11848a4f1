/** GET /health/live: the process is running. */
import { z } from 'zod';
import type { Endpoint } from './edge/endpoint.ts';
import { JSON_TEXT } from './edge/schemas.ts';

const liveAnswer = z.looseObject({ status: z.literal('ok') }).meta({ id: 'Live' });

export const liveEndpoint: Endpoint = {
  path: '/health/live',
  get: {
    tag: 'for operators',
    summary: 'The process is running',
    answers: { 200: { description: 'It is', content: { [JSON_TEXT]: liveAnswer } } },
    problems: [],
  },
  handle: (context) => {
    context.body = { status: 'ok' } satisfies z.infer<typeof liveAnswer>;
  },
};
