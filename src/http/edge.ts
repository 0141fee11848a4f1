/** The outermost step: gives a request its id, turns an error into a problem, writes the log line and the metrics. */
import type { Next } from 'koa';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { problemOf, RETRY_AFTER_SECONDS } from './problem.ts';
import type { Context } from './request.ts';

export interface EdgeParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly newRequestId: () => string;
}

export function edge({ log, metrics, newRequestId }: EdgeParts) {
  return async (context: Context, next: Next): Promise<void> => {
    const start = performance.now();
    const { state } = context;
    state.requestId = newRequestId();
    state.endpoint = 'none';
    state.outcome = 'ok';
    state.facts = {};
    context.set('X-Request-Id', state.requestId);
    context.set('X-Content-Type-Options', 'nosniff');
    let failure: unknown;
    try {
      checkTarget(context);
      await next();
      if (context.status === 404 && context.body == null) {
        throw new AppError('unknown_path', 'There is nothing at this address.');
      }
    } catch (error) {
      failure = error;
      answerWithProblem(context, error);
    }
    const seconds = (performance.now() - start) / 1000;
    metrics.request(state.endpoint, state.outcome, seconds);
    writeLine(log, context, failure, seconds);
  };
}

/** Koa reads the target (`http://[` is one) only when it is asked for, and then throws what looks like our fault. */
function checkTarget(context: Context): void {
  try {
    if (typeof context.path === 'string') return;
  } catch {
    // Not to be read: told below.
  }
  throw new AppError('malformed_request', 'The address of the request cannot be read.');
}

function answerWithProblem(context: Context, error: unknown): void {
  const problem = problemOf(error, context.state.requestId);
  context.state.outcome = problem.code;
  context.status = problem.status;
  context.type = 'application/problem+json';
  context.set('Cache-Control', 'no-store');
  if (problem.status === 503) context.set('Retry-After', String(RETRY_AFTER_SECONDS));
  // What is left of a body that was not read would be taken for the next request.
  if (!context.req.complete) context.set('Connection', 'close');
  context.body = JSON.stringify(problem);
}

function writeLine(log: Log, context: Context, failure: unknown, seconds: number): void {
  const { requestId, endpoint, outcome, facts } = context.state;
  const line = {
    request: requestId,
    method: context.method,
    endpoint,
    status: context.status,
    outcome,
    milliseconds: Math.round(seconds * 1e6) / 1e3,
    ...facts,
  };
  if (failure === undefined) log.info(line);
  else if (context.status >= 500) log.error({ ...line, err: failure });
  else
    log.warn({ ...line, why: failure instanceof AppError ? (failure.detail ?? failure.message) : undefined });
}
