/** The command line: `mintmark <command>`. Exit status 0 only on success. */
import { giveWay } from './give-way.ts';

const words = process.argv.slice(2);
if (words[0] !== 'start') giveWay();

const [{ processConfig }, { runCli }] = await Promise.all([
  import('../service/settings.ts'),
  import('./run.ts'),
]);

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
