/** Checks that the mail relay takes the log-in. No mail is sent. */
import type { Config } from '../service/config.ts';
import { type Finding, fault, note, ok } from './finding.ts';

const RELAY = 'mail';

/** `patience`: milliseconds. */
export async function examineRelay({ mail }: Pick<Config, 'mail'>, patience = 4_000): Promise<Finding> {
  if (mail === undefined)
    return note(
      RELAY,
      'Mintmark sends no mail.',
      'To send mails, set SMTP_URL and MAIL_FROM (docs/mail.md).',
    );
  const { Relay } = await import('../outbox/mail/relay.ts');
  const relay = new Relay(mail, { patience });
  try {
    const refused = await relay.refusal();
    if (refused === undefined) return ok(RELAY, `${mail.relay.host} takes the log-in.`);
    const remedy = 'Correct SMTP_URL, then try a mail:  mail test me@example.com';
    return fault(RELAY, `${mail.relay.host} does not work: ${refused}`, remedy);
  } finally {
    await relay.close();
  }
}
