/** npm run soak: many minutes at half of the service's capacity; fails where a trend rises. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { CONTROLS, type Control } from './controls.ts';
import { report } from './report.ts';
import { soak } from './soak.ts';
import { findingsOf } from './verdict.ts';

const HELP = `npm run soak -- [options]

  --minutes N   how long (10); 1 for a try
  --rate N      requests a second (half of the capacity, which is measured first)
  --control     short soaks of weakened services: fails if a weakness is not found
`;

/** A control is short and slow: its fault must show anyway. */
const CONTROL_MINUTES = 0.4;
const CONTROL_RATE = 300;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string' },
    control: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else if (availableParallelism() < 2) throw new TypeError('a soak needs two cores: one serves, one asks');
else if (values.control) await control();
else await run(positive('--minutes', values.minutes), values.rate);

async function run(minutes: number, rate: string | undefined): Promise<void> {
  const seen = await soak({
    minutes,
    rate: rate === undefined ? undefined : positive('--rate', rate),
    progress,
  });
  const findings = findingsOf(seen);
  process.stdout.write(`\n${report(seen, findings)}`);
  if (findings.length > 0) process.exitCode = 1;
}

async function control(): Promise<void> {
  for (const each of CONTROLS) if (!(await isFound(each))) process.exitCode = 1;
}

async function isFound({ title, finds, around }: Control): Promise<boolean> {
  const seen = await soak({ minutes: CONTROL_MINUTES, rate: CONTROL_RATE, around, progress: () => {} });
  const found = findingsOf(seen).find(({ about }) => about === finds);
  process.stdout.write(
    `control: ${title}: ${found?.text.split('\n', 1)[0]?.slice(0, 120) ?? 'NOTHING FOUND'}\n`,
  );
  return found !== undefined;
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < 100_000)) throw new TypeError(`${option} takes a number above 0`);
  return number;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
