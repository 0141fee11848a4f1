/** The SMTP server that takes the mails, and what its answers mean for the outbox. */
import type { Tried } from '../channel.ts';
import { cleanAnswer } from '../clean-answer.ts';
import { askedWait } from './asked-wait.ts';
import type { Mail } from './mail.ts';
import type { Mailbox, MailSettings } from './settings.ts';

export interface RelayOptions {
  /** Certificates that are trusted beside those of Node.js, as PEM. */
  readonly ca?: string;
  /** Milliseconds without a connection, a greeting, or any answer; default 30 seconds, and 80 for an answer. */
  readonly patience?: number;
}

export type SmtpResult =
  | Extract<Tried, { readonly outcome: 'sent' | 'refused' | 'target failed' }>
  /** `pause`: milliseconds that the server asks to wait. `untried`: the fault is the mailbox's, and the relay works. */
  | {
      readonly outcome: 'failed';
      readonly answer: string;
      readonly pause?: number | undefined;
      readonly untried?: true;
    };

const PATIENCE_MILLISECONDS = 30_000;

/** A relay may scan a mail before it answers; with a shorter time the mail would be sent twice. Below the outbox's 90. */
const ANSWER_MILLISECONDS = 80_000;

/** A connection without a mail is closed after this time, so that a command ends. */
const IDLE_MILLISECONDS = 3_000;

const MOST_CONNECTIONS = 4;

export class Relay {
  readonly #settings: MailSettings;
  readonly #options: RelayOptions;
  #transport: ReturnType<typeof connect> | undefined;

  constructor(settings: MailSettings, options: RelayOptions = {}) {
    this.#settings = settings;
    this.#options = options;
  }

  /** Never rejects for what the server does. */
  async send(mail: Mail, signal?: AbortSignal): Promise<SmtpResult> {
    this.#transport ??= connect(this.#settings, this.#options);
    const transport = await this.#transport;
    try {
      const { response } = await transport.sendMail({
        ...messageOf(mail, this.#settings),
        ...(signal && { signal }),
      });
      return { outcome: 'sent', answer: cleanAnswer(response) };
    } catch (error) {
      const failure = readFailure(error);
      return { ...failure, answer: cleanAnswer(withoutLogin(failure.answer, this.#settings.relay.login)) };
    }
  }

  /** Connects and logs in, and sends nothing. Resolves to what went wrong; undefined: nothing. */
  async refusal(): Promise<string | undefined> {
    this.#transport ??= connect(this.#settings, this.#options);
    const transport = await this.#transport;
    try {
      await transport.verify();
      return undefined;
    } catch (error) {
      return cleanAnswer(withoutLogin(readFailure(error).answer, this.#settings.relay.login));
    }
  }

  async close(): Promise<void> {
    const transport = await this.#transport;
    this.#transport = undefined;
    transport?.close();
  }
}

/** Loads the library at the first mail. */
async function connect({ relay }: MailSettings, { ca, patience }: RelayOptions) {
  const { createTransport } = await import('nodemailer');
  const { host, port, secure, requireTls, login } = relay;
  return createTransport({
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    idleTimeout: IDLE_MILLISECONDS,
    host,
    port,
    secure,
    requireTLS: requireTls,
    // In the clear to this computer only: its certificate, if it has one, is nobody's.
    ignoreTLS: !secure && !requireTls,
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    ...(login !== undefined && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: patience ?? PATIENCE_MILLISECONDS,
    greetingTimeout: patience ?? PATIENCE_MILLISECONDS,
    socketTimeout: patience ?? ANSWER_MILLISECONDS,
    dnsTimeout: patience ?? PATIENCE_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function messageOf({ to, subject, text, html, id, date }: Mail, { from, replyTo, host }: MailSettings) {
  return {
    from: addressOf(from),
    to: addressOf(to),
    ...(replyTo !== undefined && { replyTo: addressOf(replyTo) }),
    envelope: { from: from.address, to: [to.address] },
    subject: asWritten(subject),
    text,
    html,
    // Nothing but this keeps a line of 160 characters as it is on every way.
    textEncoding: 'quoted-printable' as const,
    messageId: `<${id}@${host}>`,
    date: new Date(date),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

function addressOf({ name = '', address }: Mailbox) {
  return { name: asWritten(name), address };
}

/** A text that looks like an encoded word (RFC 2047) would be decoded by the reader: line ends, another's name. */
function asWritten(text: string): string {
  return text.replaceAll('=?', '= ?');
}

interface Failure {
  readonly code?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/**
 * 5xx that stands at the recipient and is not about the address: the relay's policy (RFC 3463: X.7, such as `Relay access
 * denied` without a log-in), its own trouble (X.3), a full mailbox (X.2.2).
 */
const NOT_THE_ADDRESS = /^5\d\d[ -]5\.(?:7|3|2\.2)(?:\.|\s)|\brelay(?:ing)?\b|^530\b/i;

/** At the recipient, the state of one mailbox (RFC 3463: X.1, X.2; RFC 5321: 450), such as a full one: the relay works. */
const OF_ONE_MAILBOX = /^(?:[45]\d\d[ -][45]\.[12]\.|450[ -](?![45]\.))/;

/**
 * 5xx for the recipient's address is final. 5xx for the log-in or the sender, and a missing TLS, concern every mail. All
 * else may pass: also 5xx for the content, since some servers answer so for a sender or a quota.
 */
function readFailure(error: unknown): SmtpResult {
  const { code, command, responseCode, response } = (error instanceof Error ? error : {}) as Failure;
  const answer = typeof response === 'string' && response !== '' ? response : messageIn(error);
  const isFinal = typeof responseCode === 'number' && responseCode >= 500;
  const isTemporary = typeof responseCode === 'number' && responseCode < 500;
  if (isFinal && command === 'RCPT TO' && !NOT_THE_ADDRESS.test(answer))
    return { outcome: 'refused', answer };
  // What the library takes for no address, before it asks the server.
  if (code === 'EENVELOPE' && responseCode === undefined) return { outcome: 'refused', answer };
  if (isFinal && command === 'MAIL FROM') return { outcome: 'target failed', answer };
  if ((code === 'EAUTH' || code === 'ENOAUTH') && !isTemporary) return { outcome: 'target failed', answer };
  if (code === 'ETLS') return { outcome: 'target failed', answer };
  const isOfMailbox = command === 'RCPT TO' && OF_ONE_MAILBOX.test(answer);
  const pause = isTemporary ? askedWait(answer) : undefined;
  return { outcome: 'failed', answer, pause, ...(isOfMailbox && { untried: true }) };
}

/** Some servers repeat what they were told. */
function withoutLogin(answer: string, login: MailSettings['relay']['login']): string {
  if (login === undefined) return answer;
  const { user, password } = login;
  const secrets = [password, ...[password, `${user}\0${password}`, `\0${user}\0${password}`].map(inBase64)];
  return secrets.reduce((text, secret) => text.replaceAll(secret, '(…)'), answer);
}

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function messageIn(error: unknown): string {
  return error instanceof Error ? error.message : 'no answer';
}
