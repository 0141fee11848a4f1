/** What Lambda calls: requests of function URLs and API Gateway, and the turns of a schedule. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { problemOf, RETRY_AFTER_SECONDS } from '../../http/edge/problem.ts';
import type { Log } from '../../log.ts';
import { type EventAnswer, type EventRequest, type EventResult, requestOf, resultOf } from './event.ts';
import type { Forward } from './forward.ts';

/** The service as the handler needs it. */
export interface Behind {
  readonly forward: Forward;
  /** Resolves when nothing of a request is left to do. */
  idle(): Promise<void>;
  /** Applies what is due, tells the seller, sends what waits. */
  everyMinute(): Promise<unknown>;
  /** Deletes what is kept for a time only. */
  everyDay(): Promise<unknown>;
}

export interface HandlerSetup {
  /** Called at once, and again after it failed, with the next event. */
  readonly open: () => Promise<Behind>;
  readonly log: Pick<Log, 'error' | 'flush'>;
  readonly newRequestId: () => string;
}

/** The input of the schedules in deploy/lambda/template.yaml. */
const turn = z.object({ mintmark: z.enum(['minute', 'day']) });

export type Handler = (event: unknown) => Promise<EventResult | { readonly done: string }>;

/** Rejects for an event of another kind, and for a turn of the schedule that failed: the platform then shows it. */
export function createHandler({ open, log, newRequestId }: HandlerSetup): Handler {
  let opening: Promise<Behind> | undefined;
  const opened = () => {
    opening ??= open();
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };
  opened().catch((error: unknown) => log.error({ err: error }, 'Mintmark did not start'));

  const answer = async (asked: EventRequest): Promise<EventAnswer> => {
    try {
      const behind = await opened();
      const answered = await behind.forward(asked);
      await behind.idle();
      return answered;
    } catch (error) {
      const request = newRequestId();
      log.error({ request, err: error }, 'a request was not passed on');
      return unavailable(request);
    }
  };

  return async (event) => {
    try {
      const asked = requestOf(event);
      if (asked !== undefined) return resultOf(await answer(asked));
      const { data } = turn.safeParse(event);
      if (data === undefined)
        throw new TypeError(
          'This event is no request of payload format 2.0, as function URLs and HTTP APIs make it, and no turn of a schedule.',
        );
      const behind = await opened();
      await (data.mintmark === 'minute' ? behind.everyMinute() : behind.everyDay());
      return { done: data.mintmark };
    } finally {
      // The process stands still from here to the next event.
      log.flush();
    }
  };
}

/** The marketplace repeats it. */
function unavailable(request: string): EventAnswer {
  const problem = problemOf(
    new AppError('ledger_unavailable', 'The service cannot be used now; try again later.'),
    request,
  );
  return {
    status: problem.status,
    rawHeaders: [
      ...['X-Request-Id', request],
      ...['Content-Type', 'application/problem+json'],
      ...['Cache-Control', 'no-store'],
      ...['Retry-After', String(RETRY_AFTER_SECONDS)],
    ],
    body: Buffer.from(JSON.stringify(problem)),
  };
}
