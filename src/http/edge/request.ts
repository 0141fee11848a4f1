/** What the middleware keeps of a request: its id and, for the log line and the metrics, its outcome. */
import type { DefaultContext, ParameterizedContext } from 'koa';
import { AppError } from '../../errors.ts';
import type { Statuses } from './problem.ts';

export interface RequestState {
  /** In the answer and in the log line, so that one leads to the other. */
  requestId: string;
  /** The path of the endpoint as it is defined, never the path of the request. */
  endpoint: string;
  /** Those of the endpoint. */
  statuses: Statuses | undefined;
  /** One word for the metrics: `issued`, `repeated`, an error code. */
  outcome: string;
  /** More for the log line: no personal data, no code, no secret. */
  facts: Record<string, string | number>;
}

export type Context = ParameterizedContext<RequestState, DefaultContext>;

/** Throws AppError `method_not_allowed` with the header Allow for any other method. */
export function allow(context: Context, methods: readonly string[]): void {
  if (methods.includes(context.method)) return;
  context.set('Allow', methods.join(', '));
  throw new AppError('method_not_allowed', `This address takes ${methods.join(' and ')}.`);
}

/** By its path: the address is that of the request, whatever the host is called. */
export function redirectTo(context: Context, path: string, status = 303): void {
  context.status = status;
  context.set('Location', path);
  context.body = '';
}
