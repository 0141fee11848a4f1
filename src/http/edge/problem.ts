/** Errors as answers: application/problem+json (RFC 9457). */
import { AppError, ERRORS, isProblemCode, type ProblemCode, type PublicMembers } from '../../errors.ts';

/** Where an endpoint answers a problem with another status than the usual one (errors.ts). */
export type Statuses = Readonly<Partial<Record<ProblemCode, number>>>;

/** `type` is a URN of the code; no internal detail is in it. */
export interface Problem extends PublicMembers {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Stable: programs may rely on it. */
  readonly code: ProblemCode;
  /** The request id, which is in the log line too. */
  readonly request: string;
}

/** Seconds after which to retry a 503. Paddle's own interval is 15 minutes. */
export const RETRY_AFTER_SECONDS = 60;

/** What a stranger may read of an error; of anything but an AppError for callers, only that it happened. */
export function problemOf(error: unknown, request: string, statuses: Statuses = {}): Problem {
  const { code, message, members } = publicOf(error);
  return {
    type: `urn:mintmark:problem:${code}`,
    title: message,
    status: statuses[code] ?? ERRORS[code].http,
    code,
    request,
    ...members,
  };
}

interface PublicError {
  readonly code: ProblemCode;
  readonly message: string;
  readonly members?: PublicMembers | undefined;
}

function publicOf(error: unknown): PublicError {
  if (error instanceof AppError) {
    const { code, message, members } = error;
    if (isProblemCode(code)) return { code, message, members };
  }
  return { code: 'internal', message: 'A fault on our side. It is in our log.' };
}
