/** The log: one JSON object a line, no personal data, no code, no secret. */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'flush'>;

/** Bytes gathered before they are written: a write a line would cost as much as the database. */
const BUFFER = 4096;
const FLUSH_MILLISECONDS = 500;

/** Lines go to standard output, half a second late at most; `flush` writes what is left. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const stream =
    destination ??
    pino.destination({ dest: 1, minLength: BUFFER, sync: true, periodicFlush: FLUSH_MILLISECONDS });
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorLine } },
    stream,
  );
}

/** What the log says of an error: its own text and where, and the same of its cause. */
function errorLine(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const own = { name, message, stack, ...('code' in error && { code: error.code }) };
  const detail = 'detail' in error && error.detail !== undefined ? { detail: error.detail } : {};
  return { ...own, ...detail, ...(cause !== undefined && { cause: errorLine(cause) }) };
}
