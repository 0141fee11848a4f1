/** Raw HTTP bytes, for requests that a proper client would not send. */
import { connect } from 'node:net';

/**
 * Sends bytes and resolves to all received bytes when the connection ends. `cutAfter` closes the connection after this
 * many milliseconds, or what it waits for. A connection that ends in an error also resolves to its bytes.
 */
export function exchange(
  port: number,
  bytes: string | Uint8Array,
  { cutAfter }: { readonly cutAfter?: number | Promise<unknown> } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
    socket.write(bytes);
    if (typeof cutAfter === 'number') setTimeout(() => socket.destroy(), cutAfter).unref();
    else void cutAfter?.then(() => socket.destroy());
  });
}

/** The status of the (first) response; undefined where there is none. */
export function statusOf(answer: string): number | undefined {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  return status === undefined ? undefined : Number(status);
}

/** The statuses of all responses on a connection. */
export function statusesOf(answer: string): readonly number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

export function headerOf(answer: string, name: string): string | undefined {
  const [head = ''] = answer.split('\r\n\r\n', 1);
  const line = head.split('\r\n').find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim();
}

export function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

export function portOf(url: string): number {
  return Number(new URL(url).port);
}
