/** A load: requests over connections that are open before the clock starts, each reply checked. */
import { Connection, type Reply } from './connection.ts';

export interface Measured {
  readonly seconds: number;
  /** Milliseconds from a request to its reply, in the order of the replies. */
  readonly latencies: readonly number[];
}

/** Throws on the first wrong reply. */
export type CheckReply = (index: number, reply: Reply) => void;

export function openConnections(port: number, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => Connection.open(port)));
}

/** Sends all requests, one at a time per connection, and closes the connections. */
export async function run(
  connections: readonly Connection[],
  requests: readonly Buffer[],
  check: CheckReply,
): Promise<Measured> {
  const latencies: number[] = [];
  const queue = requests.entries();
  const work = async (connection: Connection) => {
    for (const [index, request] of queue) {
      const sent = performance.now();
      const reply = await connection.send(request);
      latencies.push(performance.now() - sent);
      check(index, reply);
    }
  };
  const start = performance.now();
  await Promise.all(connections.map(work));
  const seconds = (performance.now() - start) / 1000;
  for (const connection of connections) connection.close();
  return { seconds, latencies };
}
