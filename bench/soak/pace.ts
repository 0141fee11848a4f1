/** Two ways to send: by the clock (open loop), and as fast as replies come (closed loop). */
import type { Connection, Reply } from '../connection.ts';

export interface Asked {
  readonly request: Buffer;
  /** Throws for a wrong reply. */
  readonly check: (reply: Reply) => void;
}

export interface Answered {
  /** Milliseconds from the scheduled time to the reply, with the wait for a connection and the client's own delay. */
  readonly latency: number;
  readonly error?: unknown;
}

export interface Asking {
  readonly connections: readonly Connection[];
  readonly next: () => Asked;
  readonly done: (answered: Answered) => void;
}

const TICK_MILLISECONDS = 1;
/** How long the last replies are awaited. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * Closed loop: each connection sends the next request after a reply, until the time is over. Resolves to the number of
 * replies; rejects where a connection breaks.
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
 * Open loop: requests leave by the clock, whether or not earlier requests were answered, like buyers. A closed loop
 * would count one slow reply where a thousand buyers waited. Resolves when all are answered or no connection is left.
 */
export function keepPace(
  { connections, next, done }: Asking,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<void> {
  return new Promise((resolve) => {
    // Round robin, so that no connection is idle until the service closes it.
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
