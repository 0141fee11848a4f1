/** The settings of mail, for commands that need them. */
import { AppError } from '../errors.ts';
import type { MailSettings } from '../outbox/mail/settings.ts';
import type { Config } from '../service/config.ts';

/** Throws AppError `bad_configuration` while mail is off. */
export function requireMail({ mail }: Pick<Config, 'mail'>): MailSettings {
  if (mail !== undefined) return mail;
  throw new AppError('bad_configuration', 'Mail is off: set SMTP_URL and MAIL_FROM (docs/mail.md).');
}
