/** What every request carries through the middleware: its id and, for the log line and the metrics, what came of it. */
import type { DefaultContext, ParameterizedContext } from 'koa';
import { AppError } from '../errors.ts';

export interface RequestState {
  /** Told to the caller and in the log line: it joins the two. */
  requestId: string;
  /** The route as it is written, never the path that was asked for. */
  endpoint: string;
  /** One word for the metrics: `issued`, `repeated`, an error code. */
  outcome: string;
  /** What the log line says beside that: no personal data, no code, no secret. */
  facts: Record<string, string | number>;
}

export type Context = ParameterizedContext<RequestState, DefaultContext>;

/** Throws AppError `method_not_allowed` after naming the methods that are. HEAD is not GET here: GET mints. */
export function allow(context: Context, ...methods: readonly string[]): void {
  if (methods.includes(context.method)) return;
  context.set('Allow', methods.join(', '));
  throw new AppError('method_not_allowed', `This address takes ${methods.join(' and ')}.`);
}
