/** The outermost middleware: sets the request id, answers errors with a problem, writes the log line and the metrics. */
import type { Next } from 'koa';
import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { RunningService } from '../running-service.ts';
import { problemOf, RETRY_AFTER_SECONDS } from './problem.ts';
import type { Context } from './request.ts';
import type { RequestTraces } from './traced-request.ts';

type Needed = Pick<RunningService, 'log' | 'metrics' | 'newRequestId' | 'traces'>;

export function edge({ log, metrics, newRequestId, traces }: Needed) {
  return async (context: Context, next: Next): Promise<void> => {
    const start = performance.now();
    const { state } = context;
    state.requestId = newRequestId();
    state.endpoint = 'none';
    state.statuses = undefined;
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
    if (traces !== undefined) trace(traces, context, start);
  };
}

/** `start`: as `performance.now` gave it. */
function trace(traces: RequestTraces, { state, method, status, app, headers }: Context, start: number): void {
  const { requestId, endpoint, outcome } = state;
  const { traceparent, tracestate } = headers;
  const isTrusted = app.proxy && typeof traceparent === 'string';
  traces.request({
    ...{ requestId, method, endpoint, status, outcome },
    begun: performance.timeOrigin + start,
    ended: performance.timeOrigin + performance.now(),
    parent: isTrusted ? { traceparent, ...(typeof tracestate === 'string' && { tracestate }) } : {},
  });
}

/** Koa parses the target only when `path` is read, and throws for `http://[`, which would be answered with 500. */
function checkTarget(context: Context): void {
  try {
    if (typeof context.path === 'string') return;
  } catch {
    // Unparseable target: answered with 400 below.
  }
  throw new AppError('malformed_request', 'The address of the request cannot be read.');
}

function answerWithProblem(context: Context, error: unknown): void {
  const problem = problemOf(error, context.state.requestId, context.state.statuses);
  context.state.outcome = problem.code;
  context.status = problem.status;
  context.type = 'application/problem+json';
  context.set('Cache-Control', 'no-store');
  if (problem.status === 503) context.set('Retry-After', String(RETRY_AFTER_SECONDS));
  // The rest of an unread body would be parsed as the next request.
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
