/** `--reason` and `--actor`: why a decision was made, and by whom. */
import { type Command, Option } from 'commander';
import { type Grounds, isFit, LONGEST_GROUNDS } from '../domain/desk/operator.ts';
import { AppError } from '../errors.ts';

/** Adds both options to a command that makes a decision. */
export function withGrounds(command: Command, otherwise?: string): Command {
  const reason = new Option(
    '--reason <text>',
    'why; it stays in the history permanently, so no personal data',
  );
  return command
    .addOption(otherwise === undefined ? reason.makeOptionMandatory() : reason.default(otherwise))
    .addOption(new Option('--actor <name>', 'who decided; no personal data').default('operator'));
}

/** Throws AppError `bad_usage` where reason and actor do not fit into the history. */
export function requireFit({ actor, reason }: Grounds): Grounds {
  if (isFit({ actor, reason })) return { actor, reason };
  throw new AppError(
    'bad_usage',
    `--reason and --actor: 1 to ${LONGEST_GROUNDS} characters together, and neither is empty.`,
  );
}
