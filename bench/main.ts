/** npm run bench: the cost of a new order, compared with a floor and with a plain implementation. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { measureBeside } from './beside.ts';
import { ClientProcess } from './client-process.ts';
import { BareCommits } from './commits.ts';
import { measureConsole } from './console/measure.ts';
import { startContenders } from './contenders.ts';
import { fillLedgers } from './fill.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { report } from './report.ts';
import { type Results, sumUp } from './results.ts';
import { playRounds } from './rounds.ts';
import { createStage, type Stage } from './stage.ts';
import { measureStarts } from './starts.ts';

// Has options of its own.
if (process.argv.includes('--postgres')) await import('./postgres/main.ts');
else {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else await bench(options);
}

async function bench(options: Options): Promise<void> {
  const stage = await createStage();
  try {
    const results = await measure(stage, options);
    process.stdout.write(`\n${report(results)}`);
    const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model };
    writeFileSync(options.jsonFile, `${JSON.stringify({ machine, options, ...results }, undefined, 2)}\n`);
    if (options.gate && results.goals.some((goal) => !goal.met)) process.exitCode = 1;
  } finally {
    stage.remove();
  }
}

async function measure(stage: Stage, options: Options): Promise<Results> {
  const { rounds, connections, attempts, licenses } = options;
  progress('starting, and again');
  const starts = await measureStarts(stage, options.starts);
  const { events, besideSeconds: seconds } = options;
  const beside = events > 0 ? await measureBeside(stage, { events, seconds, progress }) : [];
  const { consoleLicenses } = options;
  const consolePages =
    consoleLicenses > 0
      ? await measureConsole(stage, { licenses: consoleLicenses, rounds, seconds, progress })
      : undefined;
  if (licenses > 0) progress(`filling a ledger with ${licenses} licenses`);
  const [filled] = licenses > 0 ? await fillLedgers(stage, [licenses]) : [];
  const contenders = await startContenders(stage, options, filled?.dataDir);
  const client = new ClientProcess(stage);
  const commits = new BareCommits(stage);
  try {
    const eachRound = () => commits.measure();
    const turns = await playRounds(contenders, client, {
      rounds,
      connections,
      attempts,
      progress,
      eachRound,
    });
    return sumUp(turns, { starts, commits: commits.measured, licenses, beside, consolePages });
  } finally {
    commits.close();
    client.stop();
    for (const server of new Set(contenders.map((contender) => contender.server))) await server.stop();
  }
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
