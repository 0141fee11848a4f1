/** The command line: `npm run -s mintmark -- <command>`. Exit status 0 only on success. */
import { processConfig } from '../settings.ts';
import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stdin: process.stdin,
  now: Date.now,
  config: () => processConfig(process.env),
});
