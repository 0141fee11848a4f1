/** GET /health/live: the process turns. GET /health/ready: a sale that comes now will be delivered. */
import type { Ledger } from '../domain/ledger.ts';
import { AppError } from '../errors.ts';
import { allow, type Context } from './request.ts';

export function liveEndpoint(context: Context): void {
  allow(context, 'GET', 'HEAD');
  context.body = { status: 'ok' };
}

export interface Readiness {
  readonly ledger: Pick<Ledger, 'probe'>;
  /** What the start has checked and holds: products by number, modes that have a signing key. */
  readonly products: number;
  readonly modes: readonly string[];
  /** True from the signal to stop on. */
  readonly isStopping: () => boolean;
}

export function readyEndpoint({ ledger, products, modes, isStopping }: Readiness) {
  return async (context: Context): Promise<void> => {
    allow(context, 'GET', 'HEAD');
    context.set('Cache-Control', 'no-store');
    if (isStopping()) throw new AppError('ledger_unavailable', 'The service is stopping.');
    await ledger.probe();
    context.body = { status: 'ok', ledger: 'writable', keys: modes, products };
  };
}
