/** A real SMTP server at 127.0.0.1, whose mails a real parser reads. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type Owner, temporaryFolder } from './service.ts';
import { waitFor } from './wait-for.ts';

/** Milliseconds. Other than 0 in `npm run test:stalls`: no test may depend on when a mail comes. */
const LONGEST_DELAY = Number(process.env['TEST_MAIL_DELAY'] ?? 0);

export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly email: Email;
  readonly isEncrypted: boolean;
}

export interface Mailbox {
  readonly port: number;
  /** In the order in which they came. */
  readonly mails: Received[];
  /** The first mail to an address that no call has given yet; waits for it. */
  next(to: string): Promise<Received>;
  /** Connections that were opened. */
  readonly connections: () => number;
}

/** Options of the server beside those of a mailbox that takes everything in the clear. */
export async function openMailbox(owner: Owner, options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Received[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onConnect: (_, done) => {
      connections += 1;
      done();
    },
    onData: (stream, session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', async () => {
        const bytes = Buffer.concat(pieces);
        await wait(LONGEST_DELAY * Math.random());
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: bytes.toString('latin1'),
          email: await PostalMime.parse(bytes),
          isEncrypted: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  owner.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the mailbox has no port');
  const given = new Set<Received>();
  const next = async (to: string) => {
    const mail = await waitFor(() => mails.find((each) => each.to[0] === to && !given.has(each)));
    given.add(mail);
    return mail;
  };
  return { port: address.port, mails, next, connections: () => connections };
}

/** A key and its own certificate for localhost, made anew. */
export function makeCertificate(owner: Owner): { readonly key: string; readonly cert: string } {
  const folder = temporaryFolder(owner);
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
