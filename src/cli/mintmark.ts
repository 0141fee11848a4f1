/** The command line: `npm run -s mintmark -- <command>`. Exit status 0 only on success. */
import { launch } from '../launch.ts';

launch();
const { processConfig } = await import('../settings.ts');
const { runCli } = await import('./run.ts');

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stdin: process.stdin,
  now: Date.now,
  config: () => processConfig(process.env),
});
