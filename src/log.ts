/** The log: one JSON object per line, without personal data, codes or secrets. */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'flush'>;

/** Bytes that are buffered before a write: one write per line would cost as much as the database. */
const BUFFER = 12_288;
const FLUSH_MILLISECONDS = 500;

/** Lines reach standard output within half a second; `flush` writes the rest. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const stream =
    destination ??
    pino.destination({ dest: 1, minLength: BUFFER, sync: true, periodicFlush: FLUSH_MILLISECONDS });
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorLine } },
    stream,
  );
}

/** An error in the log: its message and location, and those of its cause. */
function errorLine(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const own = { name, message, stack, ...('code' in error && { code: error.code }) };
  const detail = 'detail' in error && error.detail !== undefined ? { detail: error.detail } : {};
  return { ...own, ...detail, ...(cause !== undefined && { cause: errorLine(cause) }) };
}
