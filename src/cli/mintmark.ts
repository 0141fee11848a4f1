/** The command line: `npm run -s mintmark -- <command>`. Exit status 0 only on success. */
import { constants, getPriority, setPriority } from 'node:os';
import { processConfig } from '../service/settings.ts';
import { runCli } from './run.ts';

// The service beside it has priority. Not the lowest priority: a command that writes blocks other writers meanwhile.
const { PRIORITY_BELOW_NORMAL } = constants.priority;
if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stdin: process.stdin,
  now: Date.now,
  config: () => processConfig(process.env),
});
