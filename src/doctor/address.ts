/** Checks that PUBLIC_URL leads to this process, by a question that only this process can answer. */
import { createHmac, randomBytes } from 'node:crypto';
import { request as plainly } from 'node:http';
import { request as securely } from 'node:https';
import { TLSSocket } from 'node:tls';
import { counted } from '../domain/values/counted.ts';
import { type Finding, fault, ok, said, untold, warning } from './finding.ts';

const ADDRESS = 'public address';

/** Below PUBLIC_URL; the answer to a question is the text of `Presence.answer`. */
export const PRESENCE_PATH = '/console/presence';

const DAY = 86_400_000;
const SOON_DAYS = 14;
const LONGEST_ANSWER = 100;

/** Knows a secret of this process: another one answers otherwise. */
export class Presence {
  readonly #secret = randomBytes(32);

  answer(question: string): string {
    return createHmac('sha256', this.#secret).update(question).digest('hex');
  }
}

interface Asked {
  readonly status: number | undefined;
  readonly answer: string;
  /** The last moment of the certificate, milliseconds since 1970-01-01; undefined: none was shown. */
  readonly validTo: number | undefined;
  /** Strict-Transport-Security is sent. */
  readonly isStrict: boolean;
}

/** `now` and `patience` in milliseconds. */
export async function examineAddress(
  publicUrl: string | undefined,
  presence: Presence,
  { now, patience = 4_000 }: { readonly now: number; readonly patience?: number },
): Promise<Finding> {
  if (publicUrl === undefined)
    return warning(
      ADDRESS,
      'PUBLIC_URL is not set.',
      'Set it to the https address at which marketplaces reach the service: links and the console beyond this computer need it.',
    );
  const question = randomBytes(16).toString('hex');
  let asked: Asked;
  try {
    asked = await ask(`${publicUrl}${PRESENCE_PATH}/${question}`, patience);
  } catch (error) {
    const remedy = 'It may be reached from outside all the same: a call of a marketplace will tell.';
    return untold(ADDRESS, `${publicUrl} cannot be reached from here: ${said(error)}.`, remedy);
  }
  if (asked.status === 404)
    return untold(
      ADDRESS,
      `${publicUrl} answers, but lets ${PRESENCE_PATH} not through, so it cannot be told whether it leads here.`,
      'A call of a marketplace will tell. With CONSOLE_PORT, or a proxy that keeps /console/ back, that is so.',
    );
  if (asked.answer !== presence.answer(question))
    return fault(
      ADDRESS,
      `${publicUrl} leads to something else than this service.`,
      'Point the name and the proxy to this service, and let the proxy pass /console/ through.',
    );
  const days = asked.validTo === undefined ? undefined : Math.floor((asked.validTo - now) / DAY);
  if (days === undefined) return ok(ADDRESS, `${publicUrl} leads here.`);
  const so = `${publicUrl} leads here; its certificate is good for ${counted(days, 'day')}.`;
  if (days < SOON_DAYS) return warning(ADDRESS, so, 'Renew the certificate.');
  if (asked.isStrict) return ok(ADDRESS, so);
  return warning(
    ADDRESS,
    `${so} It sends no Strict-Transport-Security.`,
    'Let the proxy send  Strict-Transport-Security: max-age=31536000',
  );
}

function ask(url: string, patience: number): Promise<Asked> {
  const send = url.startsWith('https:') ? securely : plainly;
  return new Promise((resolve, reject) => {
    const request = send(url, { signal: AbortSignal.timeout(patience), agent: false }, (response) => {
      const { socket } = response;
      const until =
        socket instanceof TLSSocket ? Date.parse(socket.getPeerCertificate().valid_to) : Number.NaN;
      const validTo = Number.isNaN(until) ? undefined : until;
      const isStrict = response.headers['strict-transport-security'] !== undefined;
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        if (answer.length < LONGEST_ANSWER) answer += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode, answer, validTo, isStrict }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
}
