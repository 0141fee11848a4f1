/** `mintmark license`: what an operator decides about a license, with who and why in its history. */
import { type Command, Option } from 'commander';
import type { Fact, FactBody } from '../domain/fact.ts';
import type { LedgerQuery, LicenseStory } from '../domain/ledger.ts';
import { AppError } from '../errors.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { openLedger, openParts } from '../parts.ts';
import { dayArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson, RUN } from './context.ts';
import { licenseQuery } from './license-query.ts';
import { licenseJson, licenseScreen } from './license-text.ts';

interface Decision {
  readonly reason: string;
  readonly actor: string;
  readonly until?: string;
  readonly json?: true;
}

const LONGEST_REASON = 200;

export function licenseCommand(context: CliContext): Command {
  const license = commandIn(context, 'license').description(
    'show, renew, suspend, reinstate, revoke or reissue a license',
  );

  license
    .command('show')
    .description('show a license with all of its past')
    .argument('<id>', 'its license id, or a code of it')
    .option('--json', 'print {license}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} license show a8e1c47a-20d8-7cd5-eee0-fee0af9e3bda`)
    .action((id: string, options: { json?: true }) => show(context, id, options));

  const decide = (name: string, description: string, body: (options: Decision) => FactBody) => {
    const command = license
      .command(name)
      .description(description)
      .argument('<id>', 'its license id, or a code of it')
      .requiredOption('--reason <text>', 'why; it stays in the history, so no personal data')
      .addOption(new Option('--actor <name>', 'who decided it').default('operator'))
      .option('--json', 'print {license}');
    if (name === 'renew')
      command.requiredOption('--until <day>', 'its last valid day, inclusive', dayArgument);
    const until = name === 'renew' ? ' --until 2027-12-31' : '';
    command.addHelpText(
      'after',
      `\nExample:\n  $ ${RUN} license ${name} a8e1c47a-20d8-7cd5-eee0-fee0af9e3bda${until} --reason "ticket 17"`,
    );
    command.action((id: string, options: Decision) => apply(context, id, name, body(options), options));
  };
  decide('renew', 'set its last valid day, and mint its next code', ({ until = '' }) => ({
    kind: 'set-until',
    until,
  }));
  decide('suspend', 'suspend it until it is reinstated', () => ({ kind: 'stopped' }));
  decide('reinstate', 'lift all that suspends, ends or revokes it: the one way back', () => ({
    kind: 'reinstated',
  }));
  decide('revoke', 'revoke it for good', () => ({ kind: 'withdrawn' }));
  decide('reissue', 'for a leaked code: the same sale gets a new license, the old one is revoked', () => ({
    kind: 'withdrawn',
  }));
  return license;
}

async function show(context: CliContext, id: string, options: { json?: true }): Promise<void> {
  const ledger = openLedger(context.config());
  try {
    print(context, await one(ledger, id), options);
  } finally {
    await ledger.close();
  }
}

async function apply(
  context: CliContext,
  id: string,
  name: string,
  body: FactBody,
  options: Decision,
): Promise<void> {
  const { reason, actor } = options;
  if (reason.trim() === '' || `${reason}${actor}`.length > LONGEST_REASON) {
    throw new AppError('bad_usage', `--reason and --actor: 1 to ${LONGEST_REASON} characters together.`);
  }
  const { ledger } = await openParts(context.config(), { modesNeeded: [] });
  try {
    const story = await one(ledger, id);
    const licenseId = formatLicenseId(story.id);
    const { marketplace, mode } = story;
    const at = context.now();
    const cause = `${name} by ${actor}: ${reason}`;
    const fact: Fact = {
      marketplace,
      mode,
      subject: `license:${licenseId}`,
      key: `operator:${licenseId}:${name}:${at}`,
      at,
      cause,
      body,
    };
    if (name !== 'reissue') {
      await ledger.addFacts([fact]);
      return print(context, await one(ledger, id), options);
    }
    const fresh = await one(ledger, formatLicenseId(await ledger.reissue(story.id, fact)));
    if (!options.json) context.stderr(`${licenseId} is revoked. In its place, for the customer:\n\n`);
    print(context, fresh, options);
  } finally {
    await ledger.close();
  }
}

async function one(
  ledger: { find(query: LedgerQuery): Promise<readonly LicenseStory[]> },
  text: string,
): Promise<LicenseStory> {
  const query = licenseQuery(text);
  if (query.by !== 'license')
    throw new AppError('bad_usage', `${text} is neither a license id nor a license code.`);
  const [story] = await ledger.find(query);
  if (story === undefined) throw new AppError('not_found', 'The ledger has no such license.');
  return story;
}

function print(context: CliContext, story: LicenseStory, options: { json?: true }): void {
  if (options.json) printJson(context, { license: licenseJson(story) });
  else context.stdout(licenseScreen(story));
}
