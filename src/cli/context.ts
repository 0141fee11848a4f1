/** What a command is given of the world outside, so that a test can give it another. */
import { Command } from 'commander';
import type { Config } from '../service/config.ts';
import { printable } from './printable.ts';

export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Milliseconds since 1970-01-01. */
  readonly now: () => number;
  /** Read when asked for: `--help` must work with faulty settings. Throws `bad_configuration`. */
  readonly config: () => Config;
}

/**
 * A command that prints through the context and throws (CommanderError) where commander would end the process.
 * Its subcommands, made with `.command()`, do the same.
 */
export function commandIn(context: CliContext, name: string): Command {
  return new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: context.stdout, writeErr: context.stderr });
}

/** What `--json` prints: one value on one line, for programs. */
export function printJson(context: CliContext, value: unknown): void {
  context.stdout(`${printable(JSON.stringify(value))}\n`);
}
