/** A relay that repeats in its answers whom a mail goes to, and what is in it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import type { Machine } from '../../kit/machine.ts';
import { until } from '../kit/until.ts';
import type { Tools } from '../proof.ts';
import type { PlantedValues, Said } from './planted.ts';

const SELLER = 'seller@example.org';

export interface Relayed {
  /** Waits until the relay failed with an answer that must not be kept: the first mail does. */
  failed(): Promise<void>;
  /** Waits for a mail to the seller. Throws where none comes, and where the relay did not answer in each way. */
  toSeller(): Promise<readonly Said[]>;
}

/** Sets the machine's mail, and writes its product with mails on. */
export async function relayMails(
  machine: Machine,
  planted: PlantedValues,
  mark: () => string,
  tools: Tools,
): Promise<Relayed> {
  const password = `relay-password-${mark()}`;
  planted.plant('secret', 'the password of the relay', password);
  const toSeller: string[] = [];
  const ways = { taken: 0, refused: 0, failed: 0 };
  let recipients = 0;
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth: (_, __, done) => done(null, { user: 'x' }),
    onRcptTo: ({ address }, _, done) => {
      recipients += 1;
      if (address === SELLER || recipients % 3 !== 0) return done();
      ways.refused += 1;
      return done(refusal(550, `5.1.1 <${address}>: nobody is ${address}, says ${password}`));
    },
    onData: (stream, { envelope: { rcptTo } }, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const mail = Buffer.concat(pieces).toString('latin1').replaceAll('=\r\n', '');
        const to = rcptTo.map(({ address }) => address).join();
        if (to === SELLER) {
          toSeller.push(mail);
          return done();
        }
        const said = `the mail to ${to} with ${/[0-9A-Z]{160}/.exec(mail)?.[0] ?? 'no code'}`;
        ways[recipients % 2 === 0 ? 'taken' : 'failed'] += 1;
        return recipients % 2 === 0 ? done(null, `2.0.0 ${said}`) : done(refusal(451, `4.3.0 ${said}`));
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tools.teardown(() => void server.close());
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  Object.assign(machine.env, {
    SMTP_URL: `smtp://user:${password}@127.0.0.1:${address.port}`,
    MAIL_FROM: 'licenses@example.org',
    SELLER_EMAIL: SELLER,
    PRODUCTS_DIR: productsWithMails(machine),
  });
  return {
    failed: () => until(() => ways.failed > 0, 'no mail failed'),
    toSeller: async () => {
      const missing = Object.entries(ways).flatMap(([way, count]) => (count === 0 ? [way] : []));
      if (missing.length > 0) throw new Error(`no mail was ${missing.join(', ')}`);
      await until(() => toSeller.length > 0, 'the seller was told of nothing');
      return toSeller.map((text) => ({ where: 'a mail to the seller', text, may: [] }));
    },
  };
}

function productsWithMails(machine: Machine): string {
  const folder = machine.path('products-with-mails');
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(join(machine.env['PRODUCTS_DIR'] ?? '', 'example.md'), 'utf8');
  writeFileSync(join(folder, 'example.md'), text.replace('  # sold: on\n', '  sold: on\n'));
  return folder;
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
