/** `mintmark keys compromised`: what to do after a signing key leaked, what of it is done, and the work on all licenses. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { type Affected, countAffected, reissueAffected, type Work } from '../domain/desk/compromised.ts';
import type { Desk, Grounds } from '../domain/desk/operator.ts';
import type { LicenseStory } from '../domain/ledger.ts';
import { counted } from '../domain/values/counted.ts';
import { AppError } from '../errors.ts';
import { type KeyEntry, type Keyring, readKeyring } from '../keyring/keyring.ts';
import { keyIdOfCode } from '../keyring/minter.ts';
import { keyOf } from '../keyring/rotation.ts';
import { formatLicenseId } from '../license-code/license-id.ts';
import { RUN } from '../service/command.ts';
import { keyIdArgument } from './arguments.ts';
import { type CliContext, printJson } from './context.ts';
import { requireFit, withGrounds } from './grounds.ts';
import { type IsMailed, readIsMailed } from './is-mailed.ts';
import { withDesk } from './opened.ts';
import { atLeastOne } from './passphrase.ts';
import { printable } from './printable.ts';

interface Options extends Grounds {
  readonly reissue?: true;
  readonly rate: number;
  readonly json?: true;
}

const RATE = 600;
const BETWEEN_LINES = 5_000;

export function addKeysCompromised(keys: Command, context: CliContext): void {
  withGrounds(keys.command('compromised'), 'the signing key leaked')
    .description(
      'what to do after a signing key leaked; with --reissue, replace every license that it signed',
    )
    .argument('<id>', 'number of the key', keyIdArgument)
    .option(
      '--reissue',
      'give each license that is active, suspended or good for ever a successor, and mail it where mail is set',
    )
    .option('--rate <count>', 'licenses a minute', atLeastOne, RATE)
    .option('--json', 'print {key, open, closed, reissued, mails, toSend}')
    .addHelpText(
      'after',
      `
Without --reissue it changes nothing, and shows the steps with what is done of them. --reissue may be stopped anywhere:
the same command goes on. The service may run meanwhile.

Examples:
  $ ${RUN} keys compromised 2
  $ ${RUN} keys compromised 2 --reissue --rate 300 --reason "key 2 leaked"`,
    )
    .action((id: number, options: Options) => compromised(context, id, options));
}

async function compromised(context: CliContext, id: number, options: Options): Promise<void> {
  const grounds = requireFit(options);
  const keyring = readKeyring(context.config().keysDir);
  const key = keyOf(keyring, id);
  const work: Work = { key: id, keyIdOf: keyIdOfCode };
  if (options.reissue && key.state === 'active') {
    throw new AppError(
      'bad_usage',
      `Key ${id} still signs: another key has to take its place first. Nothing was changed.\n${steps(context, key, keyring)}`,
    );
  }
  await withDesk(context, async (desk, opened) => {
    const isMailed = await readIsMailed(context, opened, 'reissued');
    const before = await countAffected(desk, work);
    const toSend: LicenseStory[] = [];
    const onReissued = (license: LicenseStory) => {
      if (!isSentByHand(license, isMailed)) return;
      toSend.push(license);
      // At once: the work may be stopped anywhere.
      if (!options.json) context.stdout(sendLine(license));
    };
    const reissued = options.reissue
      ? await reissue(context, desk, { ...options, work, grounds, before, onReissued })
      : 0;
    const { open, closed } = options.reissue ? await countAffected(desk, work) : before;
    const mails = await waitingMails(desk);
    if (options.json)
      return printJson(context, { key: id, open, closed, reissued, mails, toSend: toSend.map(sentJson) });
    if (options.reissue) context.stdout(`Reissued ${counted(reissued, 'license')}.\n\n`);
    context.stdout(`${steps(context, key, keyring)}${leftText(id, { open, closed }, mails)}`);
  });
}

async function reissue(
  context: CliContext,
  desk: Desk,
  {
    work,
    grounds,
    before,
    rate,
    onReissued,
  }: Options & {
    work: Work;
    grounds: Grounds;
    before: Affected;
    onReissued: (license: LicenseStory) => void;
  },
): Promise<number> {
  let said = 0;
  const onProgress = (reissued: number) => {
    const now = context.now();
    if (now - said < BETWEEN_LINES) return;
    said = now;
    const left = Math.max(0, before.open - reissued);
    context.stderr(`${reissued} of ${before.open}; about ${Math.ceil(left / rate)} minutes left\n`);
  };
  return reissueAffected(desk, {
    ...work,
    grounds,
    rate,
    now: context.now,
    pause: sleep,
    onProgress,
    onReissued,
  });
}

/** Nobody mails the new code; a suspended or revoked license has none to send. */
function isSentByHand(license: LicenseStory, isMailed: IsMailed): boolean {
  return (license.state === 'active' || license.state === 'ended') && !isMailed(license);
}

function sentJson({ marketplace, mode, order, id }: LicenseStory) {
  return { marketplace, mode, order, license: formatLicenseId(id) };
}

function sendLine({ marketplace, mode, order, id }: LicenseStory): string {
  return `${printable(`  send: order ${order} (${marketplace}, ${mode})  license ${formatLicenseId(id)}`)}\n`;
}

/** Mails that wait, of any kind: those of the reissue are among them. */
async function waitingMails({ ledger }: Desk): Promise<number> {
  return (await ledger.outbox.count())
    .filter(({ channel, state }) => channel === 'mail' && state !== 'given-up')
    .reduce((sum, { announcements }) => sum + announcements, 0);
}

function steps(context: CliContext, { id, mode, state }: KeyEntry, keyring: Keyring): string {
  const other = keyring.find((each) => each.mode === mode && each.id !== id && each.state !== 'retired');
  const isRetired = state !== 'active';
  const mark = (isDone: boolean) => (isDone ? '[done]' : '[to do]');
  const next = other?.id ?? 'N';
  return `After key ${id} leaked, in this order:
  ${mark(other !== undefined)} 1. Make another key:  ${RUN} keys new --mode ${mode} --next
  [you]  2. Release your program with a keyring without key ${id}:  ${RUN} keys export ${mode === 'live' ? '--live-only ' : ''}--without ${id}
  ${mark(isRetired)} 3. Sign with the other key:  ${RUN} keys activate ${next}
  [you]  4. Start the service again.
  [see below] 5. Replace what key ${id} signed:  ${RUN} keys compromised ${id} --reissue --reason "key ${id} leaked"
  [you]  6. ${context.config().mail === undefined ? `Mail is not set: step 5 prints the licenses whose code you have to send:  ${RUN} license show ID` : `See that the mails are sent:  ${RUN} outbox list`}
Programs of before step 2 answer unknown-key to the new codes, and go on accepting codes of whoever has the key.
`;
}

function leftText(id: number, { open, closed }: Affected, mails: number): string {
  const rest =
    closed === 0
      ? ''
      : ` ${counted(closed, 'ended or revoked license')} ${closed === 1 ? 'stays as it is' : 'stay as they are'}.`;
  const waiting = mails === 0 ? '' : ` ${counted(mails, 'mail')} ${mails === 1 ? 'waits' : 'wait'}.`;
  return open === 0
    ? `\nKey ${id} signed no active license.${rest}${waiting}\n`
    : `\nKey ${id} signed ${counted(open, 'license')} that ${open === 1 ? 'is' : 'are'} active, suspended or good for ever.${rest}${waiting}\n`;
}
