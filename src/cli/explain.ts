/** `mintmark explain`: finds the license in a customer's mail, its state, and the code to send. */
import type { Command } from 'commander';
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import { dayOf } from '../domain/values/day.ts';
import { AppError } from '../errors.ts';
import { damagedCodes } from '../explain/damaged.ts';
import { withDecodedParts } from '../explain/decoded-parts.ts';
import { fixesOf } from '../explain/fixes.ts';
import { type Letters, lettersOf, pieceOf } from '../explain/letters.ts';
import { repairedCodes } from '../explain/repaired.ts';
import { createCodeReader, type ReadCode } from '../keyring/code-reader.ts';
import { type Keyring, readKeyring } from '../keyring/keyring.ts';
import { CODE_LENGTH, unarmor } from '../license-code/armor.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { decodeRecord } from '../license-code/record.ts';
import { explain, type Verdict } from '../license-code/verdict.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { type Explained, explainedJson, explainedScreen } from './explain/explained-text.ts';
import { findMentioned } from './explain/mentioned.ts';
import { standingOf } from './explain/standing.ts';
import { readInput } from './input.ts';
import { withLedger } from './opened.ts';

interface ExplainOptions {
  readonly json?: true;
}

export function explainCommand(context: CliContext): Command {
  return commandIn(context, 'explain')
    .description("find the license in a customer's mail, its state with the reason, and the code to send")
    .argument('<file>', 'the mail, or another text with a code; - reads standard input')
    .option('--json', 'print {codes, customers}')
    .addHelpText(
      'after',
      `
Several codes are explained one by one. A mistyped code is found if a program repairs it, and in the ledger if its beginning is right.
Without a code, licenses are found by the order numbers and e-mail addresses in the text. Exit status 1 where no code names a license.

Example:
  $ ${RUN} explain - < mail.txt`,
    )
    .action((file: string, options: ExplainOptions) => explainMail(context, file, options));
}

async function explainMail(context: CliContext, file: string, options: ExplainOptions): Promise<void> {
  const text = withDecodedParts(await readInput(context, file));
  const keyring = readKeyring(context.config().keysDir);
  const today = dayOf(context.now());
  const { codes, customers, read } = await withLedger(context, async (ledger) => {
    const readCode = createCodeReader(keyring, await ledger.products());
    const found = await explainCodes(text, ledger, keyring, readCode);
    const explained = await Promise.all(
      found.map(async ({ license, ...code }) => ({
        ...code,
        standing: license && (await standingOf(license, ledger, today)),
      })),
    );
    const isKnown = explained.some(({ standing }) => standing !== undefined);
    const mentioned = isKnown ? [] : await findMentioned(text, ledger);
    return { codes: explained, customers: mentioned, read: readCode(text) };
  });
  const whole = 'verdict' in read ? explain(read) : undefined;
  if (options.json) printJson(context, explainedJson(codes, customers));
  else context.stdout(explainedScreen(codes, customers, whole));
  if (codes.every(({ standing }) => standing === undefined)) throw new AppError('not_found', '');
}

type Found = Omit<Explained, 'standing'> & { readonly license: LicenseStory | undefined };

async function explainCodes(
  text: string,
  ledger: Ledger,
  keyring: Keyring,
  readCode: ReadCode,
): Promise<readonly Found[]> {
  const products = await ledger.products();
  const letters = lettersOf(text);
  const readable = findCodes(text);
  const found = await Promise.all(
    readable.map(async (code): Promise<Found> => {
      const read = readCode(code);
      const verdict: Verdict['verdict'] | 'genuine' = 'verdict' in read ? read.verdict : 'genuine';
      const [license] = 'verdict' in read ? [] : await ledger.find({ by: 'license', id: read.id });
      const { revision } = decodeRecord(unarmor(code));
      return { code, verdict, revision, license, fixes: fixesIn(letters, code), slips: [] };
    }),
  );
  const damaged = await damagedCodes(letters, readable, { keyring, products, ledger });
  const known = [...readable, ...damaged.map(({ code }) => code)];
  const repaired = await Promise.all(
    repairedCodes(letters, known, readCode).map(async ({ proof, piece, slips }): Promise<Found> => {
      const { code, revision } = proof;
      const [license] = await ledger.find({ by: 'license', id: proof.id });
      return { code, verdict: 'genuine', revision, license, fixes: fixesOf(piece), slips };
    }),
  );
  return [
    ...found,
    ...repaired,
    ...damaged.map(
      ({ code, license, piece, slips }): Found => ({
        code,
        verdict: 'verdict' in readCode(piece) ? 'mistyped' : 'genuine',
        revision: decodeRecord(unarmor(code)).revision,
        license,
        fixes: fixesOf(piece),
        slips,
      }),
    ),
  ];
}

function fixesIn(letters: Letters, code: string): readonly string[] {
  const at = letters.letters.indexOf(code);
  return at < 0 ? [] : fixesOf(pieceOf(letters, at, CODE_LENGTH));
}
