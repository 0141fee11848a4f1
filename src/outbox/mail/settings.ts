/** The settings of mail: the relay, the sender, whom to reply to, the seller; and the public address of the service. */
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { isAddress } from '../../domain/values/address.ts';

/** A name and an address, as in `Lumen <licenses@example.com>`. */
export interface Mailbox {
  readonly name: string | undefined;
  readonly address: string;
}

/** The server that takes the mails. */
export interface Relay {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`); else STARTTLS. */
  readonly secure: boolean;
  /** False for a loopback address only, which needs no TLS. */
  readonly requireTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

export interface MailSettings {
  readonly relay: Relay;
  readonly from: Mailbox;
  readonly replyTo: Mailbox | undefined;
  /** Who gets alerts and the daily digest. */
  readonly seller: string | undefined;
  /** The part of a `Message-ID` behind the @. */
  readonly host: string;
}

const HOW_ADDRESS = 'write an address such as licenses@example.com';

const mailbox = z.string().transform((text, context): Mailbox => {
  const [, name = '', inner] = /^([^<>\p{Cc}]*)<([^<>]*)>$/u.exec(text.trim()) ?? [];
  const address = (inner ?? text).trim();
  if (isAddress(address)) return { name: name.trim().replace(/^"(.*)"$/, '$1') || undefined, address };
  context.addIssue(`${HOW_ADDRESS}, or Lumen <licenses@example.com>`);
  return z.NEVER;
});

const relay = z.string().transform((text, context): Relay => {
  const read = readRelay(text);
  if (typeof read !== 'string') return read;
  context.addIssue(read);
  return z.NEVER;
});

const publicUrl = z.string().transform((text, context): string => {
  const url = parseUrl(text);
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  const isBare = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (url !== undefined && isWeb && isBare) return url.origin;
  context.addIssue(
    'write https:// and the host that reaches the service, such as https://licenses.example.com (http:// for this computer alone)',
  );
  return z.NEVER;
});

/** The settings, for the one list of them. */
export const MAIL_SETTINGS = {
  PUBLIC_URL: publicUrl.optional(),
  SMTP_URL: relay.optional(),
  MAIL_FROM: mailbox.optional(),
  MAIL_REPLY_TO: mailbox.optional(),
  SELLER_EMAIL: z.string().refine(isAddress, HOW_ADDRESS).optional(),
};

/** Settings that can also be given as the path of a file. */
export const MAIL_FROM_FILE = ['SMTP_URL'];

type Given = z.output<z.ZodObject<typeof MAIL_SETTINGS>>;

/** Undefined where mail is off: neither the relay nor the sender is set. A fault names the missing half. */
export function readMail({
  PUBLIC_URL,
  SMTP_URL,
  MAIL_FROM,
  MAIL_REPLY_TO,
  SELLER_EMAIL,
}: Given):
  | { readonly mail: MailSettings | undefined; readonly warnings: readonly string[] }
  | { fault: string } {
  if (SMTP_URL !== undefined && MAIL_FROM !== undefined) {
    const [, domain = ''] = MAIL_FROM.address.split('@');
    // A header is ASCII, and a relay may refuse or rewrite another one.
    const host = PUBLIC_URL === undefined ? domainToASCII(domain) || domain : new URL(PUBLIC_URL).hostname;
    const mail = { relay: SMTP_URL, from: MAIL_FROM, replyTo: MAIL_REPLY_TO, seller: SELLER_EMAIL, host };
    return { mail, warnings: [] };
  }
  if (SMTP_URL !== undefined)
    return { fault: 'MAIL_FROM: is missing beside SMTP_URL: give the address that sends the mails' };
  if (MAIL_FROM !== undefined)
    return { fault: 'SMTP_URL: is missing beside MAIL_FROM: give the server that takes the mails' };
  const idle = Object.entries({ MAIL_REPLY_TO, SELLER_EMAIL }).filter(([, value]) => value !== undefined);
  const warnings = idle.map(
    ([name]) => `${name} does nothing while no mail is sent: set SMTP_URL and MAIL_FROM too`,
  );
  return { mail: undefined, warnings };
}

function readRelay(text: string): Relay | string {
  const url = parseUrl(text);
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    return 'write smtps:// or smtp:// and the server, such as smtps://user:password@smtp.example.com';
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '')
    return 'has something behind the server: leave it out; a / ? # or % in the password is written %2F %3F %23 %25';
  const [user, password] = [decode(url.username), decode(url.password)];
  if (user === undefined || password === undefined) return 'has a % in user or password: write it as %25';
  if ((user === '') !== (password === ''))
    return 'has a user without a password, or the reverse: give both or none';
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTls: !secure && !isLoopback(url.hostname),
    login: user === '' ? undefined : { user, password },
  };
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** 127.0.0.0/8, ::1 and localhost. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
