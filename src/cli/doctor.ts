/** `mintmark doctor`: finds faults that make the next sale fail or go unnoticed. */
import type { Command } from 'commander';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { counted } from '../domain/values/counted.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { printable } from './printable.ts';

interface DoctorOptions {
  readonly json?: true;
}

export function doctorCommand(context: CliContext): Command {
  return commandIn(context, 'doctor')
    .description('find faults that make the next sale fail or go unnoticed')
    .option('--json', 'print {findings}')
    .addHelpText(
      'after',
      `
Each check prints the state and, for a problem, the remedy. Exit status 1 where there is a fault.

Example:
  $ ${RUN} doctor`,
    )
    .action((options: DoctorOptions) => doctor(context, options));
}

async function doctor(context: CliContext, options: DoctorOptions): Promise<void> {
  printFindings(context, await examine(context.config, context.now()), options);
}

/** Throws AppError `bad_configuration` where there is a fault. */
export function printFindings(
  context: CliContext,
  findings: readonly Finding[],
  options: DoctorOptions,
): void {
  if (options.json) printJson(context, { findings });
  else context.stdout(findings.map(findingLines).join(''));
  const faults = findings.filter(({ level }) => level === 'fault').length;
  if (faults === 0) return;
  throw new AppError('bad_configuration', `${counted(faults, 'fault')} to mend.`);
}

const MARKS: Readonly<Record<Finding['level'], string>> = {
  ok: 'ok     ',
  note: 'note   ',
  warning: 'warning',
  fault: 'FAULT  ',
};

export function findingLines({ check, level, so, remedy }: Finding): string {
  const lines = [
    `${MARKS[level]}  ${check}: ${so}`,
    ...(remedy === undefined ? [] : [`           ${remedy}`]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}
