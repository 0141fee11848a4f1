/** `mintmark qr`: prints a license code as a QR code, for a phone or a machine without mail. */
import type { Command } from 'commander';
import { AppError } from '../errors.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { qrSvg } from '../message/qr-svg.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn } from './context.ts';
import { readInput } from './input.ts';

export function qrCommand(context: CliContext): Command {
  return commandIn(context, 'qr')
    .description('print a license code as a QR code (SVG)')
    .argument('<file>', 'a text with one license code; - reads standard input')
    .addHelpText('after', `\nExample:\n  $ ${RUN} qr ID.license > ID.svg`)
    .action(async (file: string) => {
      const [code, another] = findCodes(await readInput(context, file));
      if (code === undefined || another !== undefined) {
        const what = code === undefined ? 'There is no license code' : 'There are several license codes';
        throw new AppError('bad_usage', `${what} in this text: give a text with one license code.`);
      }
      context.stdout(qrSvg(code));
    });
}
