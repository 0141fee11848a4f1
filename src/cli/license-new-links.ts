/** `mintmark license new-links`: ends all links to a license page. */
import type { Command } from 'commander';
import { withdrawLinks } from '../domain/desk/new-links.ts';
import type { Grounds } from '../domain/desk/operator.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { licenseIdQuery } from './license-query.ts';
import { refusalText } from './license-refusal.ts';
import { withDesk } from './opened.ts';

interface Options extends Grounds {
  readonly json?: true;
}

export function addNewLinks(license: Command, context: CliContext): void {
  withGrounds(license.command('new-links'))
    .description("end all links to the pages of the license's order; the customer asks for a new one")
    .argument('<id>', 'the license id, or a code of the license')
    .option('--json', 'print {outcome, license, order}')
    .addHelpText(
      'after',
      `\nExample:\n  $ ${RUN} license new-links a8e1c47a-20d8-7cd5-eee0-fee0af9e3bda --reason "ticket 17"`,
    )
    .action((id: string, options: Options) => newLinks(context, id, options));
}

async function newLinks(context: CliContext, text: string, options: Options): Promise<void> {
  const grounds = requireFit(options);
  const { id } = licenseIdQuery(text);
  const done = await withDesk(context, (desk) => withdrawLinks(desk, id, grounds, context.now()));
  if (done.outcome !== 'withdrawn') throw refusalText(done);
  const { license } = done;
  if (options.json)
    printJson(context, { outcome: done.outcome, license: formatLicenseId(license.id), order: license.order });
  else context.stdout(`No link to a page of order ${license.order} works any more.\n`);
}
