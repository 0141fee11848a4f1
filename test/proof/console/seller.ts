/** A person in the console of a running service, over HTTP as a browser sends it. */
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import type { Machine, RunningService } from '../../kit/machine.ts';

export interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

export type Headers = Readonly<Record<string, string>>;

/** What a browser sends with a form of the console itself. */
export const OWN: Headers = { 'Sec-Fetch-Site': 'same-origin' };

export class Seller {
  readonly #url: string;

  constructor({ url }: RunningService) {
    // The console's own origin has a name.
    this.#url = url.replace('127.0.0.1', 'localhost');
  }

  /** Gets in by a link; resolves to the cookie. */
  async enter(machine: Machine): Promise<string> {
    const made = await machine.cli('console', 'link', '--json');
    const { code } = JSON.parse(made.out) as { code: string };
    const { status, headers } = await this.post('/console/in', { code }, OWN);
    const [cookie = ''] = (headers['set-cookie'] ?? []).map((each) => each.split(';')[0] ?? '');
    if (status !== 303 || cookie === '') throw new Error(`not let in: ${status}`);
    return cookie;
  }

  get(path: string, cookie: string): Promise<Page> {
    return this.#send('GET', path, { Cookie: cookie });
  }

  post(path: string, fields: Headers, headers: Headers): Promise<Page> {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return this.#send('POST', path, { ...type, ...headers }, new URLSearchParams(fields).toString());
  }

  #send(method: string, path: string, headers: Headers, body = ''): Promise<Page> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#url}${path}`, { method, headers, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
