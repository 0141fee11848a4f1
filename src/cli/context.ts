/** Everything outside the process that a command uses; tests replace it. */
import { Command } from 'commander';
import type { Config } from '../service/config.ts';
import type { OpenOptions } from '../service/open.ts';
import { printable } from './printable.ts';

export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  /** `given`: `now` stands for the clock of a database too. */
  readonly clock?: OpenOptions['clock'];
  /** Called only when needed: `--help` must work with faulty settings. Throws `bad_configuration`. */
  readonly config: () => Config;
}

/**
 * A command that prints to the context, and throws CommanderError instead of ending the process.
 * So do its subcommands that are made with `.command()`.
 */
export function commandIn(context: CliContext, name: string): Command {
  return new Command(name)
    .exitOverride()
    .showHelpAfterError('Add --help to see what the command takes.')
    .configureOutput({ writeOut: context.stdout, writeErr: context.stderr });
}

/** The clocks of a ledger that the command opens. */
export function clocksOf({ now, clock }: CliContext): Pick<OpenOptions, 'now' | 'clock'> {
  return { now, ...(clock && { clock }) };
}

/** What `--json` prints: one value on one line, for programs. */
export function printJson(context: CliContext, value: unknown): void {
  context.stdout(`${printable(JSON.stringify(value))}\n`);
}

/** Says on standard error that a list ends at `--limit`, whatever its form: nobody takes a part for the whole. */
export function noteLimit(context: CliContext, shown: number, limit: number): void {
  if (shown === limit) context.stderr(`The newest ${limit}; --limit shows more.\n`);
}
