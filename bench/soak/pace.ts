/** The two ways to ask: by the clock, and as fast as answers come. */
import type { Connection, Reply } from '../connection.ts';

export interface Asked {
  readonly request: Buffer;
  /** Throws for a reply that is not as it should be. */
  readonly check: (reply: Reply) => void;
}

export interface Answered {
  /** Milliseconds from when it was to leave until its reply: waiting for a free connection counts, and our own delay. */
  readonly latency: number;
  readonly error?: unknown;
}

export interface Asking {
  readonly connections: readonly Connection[];
  readonly next: () => Asked;
  readonly done: (answered: Answered) => void;
}

const TICK_MILLISECONDS = 1;
/** How long the last replies are waited for. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * Closed loop: each connection asks again as soon as it was answered, as long as it may. How many were answered; rejects
 * where a connection breaks.
 */
export async function askFlatOut({ connections, next, done }: Asking, mayGo: () => boolean): Promise<number> {
  let answered = 0;
  const work = async (connection: Connection) => {
    while (mayGo()) {
      const due = performance.now();
      const { request, check } = next();
      const reply = await connection.send(request);
      answered++;
      done({ latency: performance.now() - due, ...faultOf(check, reply) });
    }
  };
  await Promise.all(connections.map(work));
  return answered;
}

/**
 * Open loop: requests leave by the clock, whether or not the earlier ones were answered, as buyers do. A closed loop
 * would wait while the service stalls, and count one slow reply where a thousand buyers waited. Resolves when all was
 * answered, or no connection is left.
 */
export function keepPace(
  { connections, next, done }: Asking,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<void> {
  return new Promise((resolve) => {
    // In turns, so that none is idle for as long as the service keeps it.
    const free = [...connections];
    const start = performance.now();
    const end = start + seconds * 1000;
    let left = connections.length;
    let sent = 0;
    const dueAt = (place: number) => start + (place * 1000) / rate;
    const ask = async (connection: Connection) => {
      const due = dueAt(sent++);
      const { request, check } = next();
      let reply: Reply;
      try {
        reply = await connection.send(request);
      } catch (error) {
        left--;
        done({ latency: performance.now() - due, error });
        return;
      }
      done({ latency: performance.now() - due, ...faultOf(check, reply) });
      free.push(connection);
      pump();
    };
    const pump = () => {
      const now = performance.now();
      const latest = Math.min(now, end);
      for (let connection = free[0]; connection !== undefined && dueAt(sent) < latest; connection = free[0]) {
        free.shift();
        void ask(connection);
      }
      const missing = left - free.length;
      if (left > 0 && (now < end || (missing > 0 && now < end + PATIENCE_MILLISECONDS))) return;
      clearInterval(timer);
      for (let place = 0; place < missing; place++)
        done({ latency: now - end, error: new Error('no reply') });
      resolve();
    };
    const timer = setInterval(pump, TICK_MILLISECONDS);
  });
}

function faultOf(check: Asked['check'], reply: Reply): { error?: unknown } {
  try {
    check(reply);
    return {};
  } catch (error) {
    return { error };
  }
}
