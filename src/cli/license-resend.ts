/** `mintmark license resend`: mails a customer the codes again. */
import type { Command } from 'commander';
import type { Grounds } from '../domain/desk/operator.ts';
import { type Resent, resendLicense } from '../domain/desk/resend.ts';
import { AppError } from '../errors.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { RUN } from '../service/command.ts';
import { announceRules } from '../service/outbox.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { licenseIdQuery } from './license-query.ts';
import { refusalText } from './license-refusal.ts';
import { requireMail } from './mail-settings.ts';
import { withDesk } from './opened.ts';

interface Options extends Grounds {
  readonly json?: true;
}

export function addResend(license: Command, context: CliContext): void {
  withGrounds(license.command('resend'), 'the customer asked for it')
    .description("mail the customer the codes of the license's order again")
    .argument('<id>', 'the license id, or a code of the license')
    .option('--json', 'print {outcome, license, order}')
    .addHelpText(
      'after',
      `\nThe outbox of the running service sends it: see  ${RUN} outbox list\n\nExample:\n  $ ${RUN} license resend a8e1c47a-20d8-7cd5-eee0-fee0af9e3bda`,
    )
    .action((id: string, options: Options) => resend(context, id, options));
}

async function resend(context: CliContext, text: string, options: Options): Promise<void> {
  const grounds = requireFit(options);
  const { id } = licenseIdQuery(text);
  requireMail(context.config());
  const resent = await withDesk(context, async ({ ledger }, { catalog }) => {
    const mailing = (await announceRules(context.config(), catalog)) ?? { mail: () => undefined };
    return resendLicense({ ledger, mailing }, id, grounds, context.now());
  });
  if (resent.outcome !== 'announced') throw refused(resent);
  const { license } = resent;
  if (options.json) {
    printJson(context, { outcome: 'announced', license: formatLicenseId(license.id), order: license.order });
  } else context.stdout(`The codes of order ${license.order} are on their way to the customer's address.\n`);
}

function refused(resent: Exclude<Resent, { readonly outcome: 'announced' }>): AppError {
  switch (resent.outcome) {
    case 'no code':
      return new AppError('nothing_changed', `Nothing was sent: the license is ${resent.state}.`);
    case 'other product':
      return new AppError(
        'bad_usage',
        `Nothing was sent: the subscription of this license covers ${resent.by.product} now. Resend its license: ${formatLicenseId(resent.by.id)}`,
      );
    case 'no address':
      return new AppError(
        'nothing_changed',
        `Nothing was sent: the ledger has no address of the customer. Add it with  ${RUN} customer correct`,
      );
    default:
      return refusalText(resent);
  }
}
