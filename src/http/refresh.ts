/** POST /v1/licenses/refresh: a license code comes in, the newest code of its license goes out. The code is the proof. */
import { z } from 'zod';
import type { Ledger } from '../domain/ledger.ts';
import { type Refreshed, refresh } from '../domain/requests/refresh.ts';
import type { Endpoint, Operation } from './edge/endpoint.ts';
import type { Context } from './edge/request.ts';
import { JSON_TEXT } from './edge/schemas.ts';
import { PASTED_CODE, type ProofSources, proofReader, requireGood } from './pasted-code.ts';
import type { RunningService } from './running-service.ts';

const refreshAnswer = z
  .looseObject({
    changed: z.boolean(),
    code: z.string().length(160),
    product: z
      .string()
      .optional()
      .describe('where the code is of another product, which the subscription is for now'),
    ended: z
      .literal(true)
      .optional()
      .describe('where the subscription of the license is over: the code is good to its last day'),
  })
  .meta({
    id: 'Refreshed',
    description: 'The newest code; changed is false if it is the code that was sent',
  });

const post: Operation = {
  tag: 'for programs',
  summary: 'The newest code of a license, for an older one',
  description:
    'The code is the proof: it may have expired, and no account is needed. A whole e-mail with one code in it will do. ' +
    'An ended license gets its last code. If its subscription is for another product now, the answer is the code of that product.',
  body: PASTED_CODE.body,
  answers: { 200: { description: 'The newest code', content: { [JSON_TEXT]: refreshAnswer } } },
  problems: PASTED_CODE.problems,
};

interface Needed extends ProofSources, Pick<RunningService, 'now'> {
  readonly ledger: Pick<Ledger, 'find' | 'addFacts'>;
}

export function refreshEndpoint({ ledger, now, ...sources }: Needed): Endpoint {
  const readProof = proofReader('refresh', sources);
  return {
    path: '/v1/licenses/refresh',
    post,
    handle: async (context) => reply(context, await refresh(await readProof(context), ledger, now())),
  };
}

function reply(context: Context, refreshed: Refreshed): void {
  context.state.outcome = refreshed.outcome;
  const { outcome, code, product, ended } = requireGood(refreshed);
  context.set('Cache-Control', 'no-store');
  context.body = {
    changed: outcome === 'changed',
    code,
    ...(product !== undefined && { product }),
    ...(ended && { ended }),
  } satisfies z.infer<typeof refreshAnswer>;
}
