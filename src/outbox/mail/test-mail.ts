/** A mail that tries the settings: handed to the relay at once, beside the outbox. */
import { randomUUID } from 'node:crypto';
import { mailPage } from '../../message/mail-page.ts';
import { Relay } from './relay.ts';
import type { MailSettings } from './settings.ts';

/** `now` in milliseconds since 1970-01-01. */
export async function sendTestMail(
  settings: MailSettings,
  address: string,
  now: number,
): Promise<Pick<Awaited<ReturnType<Relay['send']>>, 'outcome' | 'answer'>> {
  const relay = new Relay(settings);
  try {
    const subject = 'A test mail of Mintmark';
    const text = `This is a test mail of Mintmark.\n\nIt came by ${settings.relay.host}, from ${settings.from.address}. Look at its source: SPF, DKIM and DMARC should say "pass".\n`;
    const mail = { to: { name: undefined, address }, subject, text, html: mailPage(subject, text) };
    return await relay.send({ ...mail, id: randomUUID(), date: now });
  } finally {
    await relay.close();
  }
}
