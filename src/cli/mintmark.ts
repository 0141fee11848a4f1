/** The command line: `mintmark <command>`. Exit status 0 only on success. */
import { constants, getPriority, setPriority } from 'node:os';
import { processConfig } from '../service/settings.ts';
import { runCli } from './run.ts';

const words = process.argv.slice(2);

// The service beside a command has priority. Not the lowest: a command that writes blocks other writers meanwhile.
const { PRIORITY_BELOW_NORMAL } = constants.priority;
if (words[0] !== 'start' && getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);

// A reader such as `head` may leave: the command does its work to the end.
for (const out of [process.stdout, process.stderr])
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await runCli(words, {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stdin: process.stdin,
  now: Date.now,
  config: () => processConfig(process.env),
});
