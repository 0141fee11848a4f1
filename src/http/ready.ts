/** GET /health/ready: a sale that comes now will be delivered. */
import { z } from 'zod';
import type { Ledger } from '../domain/ledger.ts';
import { AppError } from '../errors.ts';
import type { Endpoint } from './edge/endpoint.ts';
import { JSON_TEXT } from './edge/schemas.ts';
import type { RunningService } from './running-service.ts';

const readyAnswer = z
  .looseObject({
    status: z.literal('ok'),
    ledger: z.literal('writable'),
    keys: z.array(z.enum(['live', 'test'])).describe('the modes in which a sale can come in'),
    products: z.int().nonnegative(),
  })
  .meta({ id: 'Ready' });

interface Needed extends Pick<RunningService, 'products' | 'modes' | 'isStopping'> {
  readonly ledger: Pick<Ledger, 'probe'>;
}

export function readyEndpoint({ ledger, products, modes, isStopping }: Needed): Endpoint {
  return {
    path: '/health/ready',
    get: {
      tag: 'for operators',
      summary: 'A sale that comes now will be delivered',
      answers: { 200: { description: 'It will', content: { [JSON_TEXT]: readyAnswer } } },
      problems: ['ledger_unavailable', 'ledger_damaged'],
    },
    handle: async (context) => {
      context.set('Cache-Control', 'no-store');
      if (isStopping()) throw new AppError('ledger_unavailable', 'The service is stopping.');
      await ledger.probe();
      context.body = { status: 'ok', ledger: 'writable', keys: [...modes], products } satisfies z.infer<
        typeof readyAnswer
      >;
    },
  };
}
