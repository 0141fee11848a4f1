/** `mintmark license`: an operator's decisions about a license; the history keeps actor and reason. */
import type { Command } from 'commander';
import { decideLicense, type LicenseDecision, reissueLicense } from '../domain/desk/license.ts';
import type { Grounds } from '../domain/desk/operator.ts';
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import type { Day } from '../domain/values/day.ts';
import { AppError } from '../errors.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { RUN } from '../service/command.ts';
import { licenseDayArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { type FeatureNames, readFeatureNames } from './feature-names.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { readIsMailed } from './is-mailed.ts';
import { addNewLinks } from './license-new-links.ts';
import { licenseIdQuery } from './license-query.ts';
import { refusalText } from './license-refusal.ts';
import { addResend } from './license-resend.ts';
import { licenseJson, licenseScreen } from './license-text.ts';
import { withDesk, withLedger } from './opened.ts';

interface Json {
  readonly json?: true;
}

type Options = Grounds & Json & { readonly until?: Day; readonly updatesUntil?: Day };

const ID = '<id>';
const ID_IS = 'the license id, or a code of the license';

export function licenseCommand(context: CliContext): Command {
  const license = commandIn(context, 'license').description(
    'show, renew, extend, suspend, reinstate, revoke, reissue or resend a license, or end its links',
  );

  license
    .command('show')
    .description('show a license with its history')
    .argument(ID, ID_IS)
    .option('--json', 'print {license}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} license show a8e1c47a-20d8-7cd5-eee0-fee0af9e3bda`)
    .action((id: string, options: Json) => show(context, id, options));

  const add = (name: string, description: string, example = '') =>
    withGrounds(license.command(name))
      .description(description)
      .argument(ID, ID_IS)
      .option('--json', 'print {license}')
      .addHelpText(
        'after',
        `\nExit status 1 where nothing changed.\n\nExample:\n  $ ${RUN} license ${name} a8e1c47a-20d8-7cd5-eee0-fee0af9e3bda${example} --reason "ticket 17"`,
      );

  add('renew', 'set the last valid day of a dated license, and mint its next code', ' --until 2027-12-31')
    .requiredOption('--until <day>', 'its last valid day, inclusive', licenseDayArgument)
    .action((id: string, { until = '', ...options }: Options) =>
      decide(context, id, { act: 'renew', until }, options),
    );
  add(
    'extend',
    'set how long new versions are included, and mint its next code',
    ' --updates-until 2027-12-31',
  )
    .requiredOption(
      '--updates-until <day>',
      'the last day whose versions it covers, inclusive',
      licenseDayArgument,
    )
    .action((id: string, { updatesUntil = '', ...options }: Options) =>
      decide(context, id, { act: 'extend', updatesUntil }, options),
    );
  for (const [act, description] of [
    ['suspend', 'suspend it until it is reinstated'],
    ['reinstate', 'undo every suspension, end and revocation'],
    ['revoke', 'revoke it permanently'],
  ] as const) {
    add(act, description).action((id: string, options: Options) => decide(context, id, { act }, options));
  }
  add(
    'reissue',
    'for a leaked code: the same sale gets a new license, and the old license is revoked',
  ).action((id: string, options: Options) => reissue(context, id, options));
  addResend(license, context);
  addNewLinks(license, context);
  return license;
}

async function show(context: CliContext, text: string, options: Json): Promise<void> {
  const { id } = licenseIdQuery(text);
  const { license, namesOf } = await withLedger(context, async (ledger: Ledger) => {
    const found = await ledger.find({ by: 'license', id });
    return { license: found[0], namesOf: await readFeatureNames(ledger, found) };
  });
  if (license === undefined) throw new AppError('not_found', 'The ledger has no such license.');
  print(context, license, namesOf, options);
}

async function decide(
  context: CliContext,
  text: string,
  decision: LicenseDecision,
  options: Options,
): Promise<void> {
  const grounds = requireFit(options);
  const { id } = licenseIdQuery(text);
  const { decided, namesOf } = await withDesk(context, async (desk) => {
    const made = await decideLicense(desk, id, decision, grounds, context.now());
    return {
      decided: made,
      namesOf: await readFeatureNames(desk.ledger, 'license' in made ? [made.license] : []),
    };
  });
  switch (decided.outcome) {
    case 'changed':
      return print(context, decided.license, namesOf, options);
    case 'unchanged': {
      const { state } = decided.license;
      print(context, decided.license, namesOf, options);
      throw new AppError(
        'nothing_changed',
        `Nothing changed: the license is ${state}, as it was. Your decision is in its history.`,
      );
    }
    default:
      throw refusalText(decided);
  }
}

async function reissue(context: CliContext, text: string, options: Options): Promise<void> {
  const grounds = requireFit(options);
  const { id } = licenseIdQuery(text);
  const { reissued, isMailed, namesOf } = await withDesk(context, async (desk, opened) => {
    const made = await reissueLicense(desk, id, grounds, context.now());
    return {
      reissued: made,
      isMailed: await readIsMailed(context, opened, 'reissued'),
      namesOf: await readFeatureNames(desk.ledger, 'license' in made ? [made.license] : []),
    };
  });
  if (reissued.outcome !== 'reissued') throw refusalText(reissued);
  if (!options.json) {
    const { license } = reissued;
    const rest = whatToDo(license, isMailed(license));
    context.stderr(`${formatLicenseId(id)} is revoked. ${rest}:\n\n`);
  }
  print(context, reissued.license, namesOf, options);
}

/** What the order's facts say holds for the replacement, too: it may unlock nothing. */
function whatToDo({ state }: LicenseStory, isSent: boolean): string {
  if (state === 'suspended')
    return 'Its replacement is suspended, as it was: send the code when it is active again';
  if (state === 'revoked')
    return 'So is its replacement, by what is known of the order and what you decided: send nothing';
  return isSent ? 'See in  outbox list  that its replacement is mailed' : 'Send the customer its replacement';
}

function print(context: CliContext, license: LicenseStory, namesOf: FeatureNames, options: Json): void {
  if (options.json) printJson(context, { license: licenseJson(license) });
  else context.stdout(licenseScreen(license, namesOf));
}
