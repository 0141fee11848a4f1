/** How the simulators call the running service. */

import { AppError } from '../errors.ts';
import { START } from '../service/command.ts';
import type { Config } from '../service/config.ts';

/** Paddle's timeout in milliseconds (developer.paddle.com, Webhook Reference). */
const PATIENCE_MILLISECONDS = 10_000;

export function requireSimulator({ simulator }: Config): void {
  if (simulator) return;
  throw new AppError(
    'bad_configuration',
    'The simulator is off: set SIMULATOR=on for the service and here (without it, a live marketplace turns it off).',
  );
}

/** Without a trailing slash. A service that listens on all addresses is called at the loopback address. */
export function serviceUrl({ host, port }: Config, url: string | undefined): string {
  if (url !== undefined) return url.replace(/\/$/, '');
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Sends a POST, or a GET where there is no body. Throws AppError `not_fulfilled` when there is no response. */
export async function send(
  url: string,
  call: { readonly body?: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<Answered> {
  try {
    const response = await fetch(url, {
      ...call,
      method: call.body === undefined ? 'GET' : 'POST',
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    const message = `Nothing answers at ${url.split('?')[0]}: start the service with  ${START}  first.`;
    throw new AppError('not_fulfilled', message, { cause });
  }
}
