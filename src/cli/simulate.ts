/** `mintmark simulate`: sends the running service what a marketplace would, correctly signed. */
import type { Command } from 'commander';
import { type CliContext, commandIn } from './context.ts';
import { simulateFastSpringCommand } from './simulate-fastspring.ts';
import { simulatePaddleClassicCommand } from './simulate-paddle-classic.ts';

export function simulateCommand(context: CliContext): Command {
  return commandIn(context, 'simulate')
    .description('send the running service what a marketplace would')
    .addCommand(simulatePaddleClassicCommand(context))
    .addCommand(simulateFastSpringCommand(context));
}
