/**
 * npm run bench:growth: the cost of a call on a ledger that holds many licenses already, compared with an empty ledger
 * in interleaved turns.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Kind } from './client.ts';
import { ClientProcess } from './client-process.ts';
import { MINTMARK, type Player } from './contenders.ts';
import { type Filled, fillLedgers } from './fill.ts';
import { align } from './report.ts';
import { isNoisy, MOST_NOISE, playRounds, type Turn } from './rounds.ts';
import { ServerProcess } from './server-process.ts';
import { createStage, type Stage } from './stage.ts';
import { median } from './statistics.ts';

const HELP = `npm run bench:growth -- [options]

  --licenses N,N    licenses in the ledgers (0,1000000,5000000); the others are compared with the first
  --rounds N        interleaved rounds (5)
  --requests N      requests of one turn (3000)
`;

/** Repeats follow new orders on the same server, and repeat the last of them. */
const KINDS = ['new orders', 'repeats', 'events'] as const satisfies readonly Kind[];
const ATTEMPTS = 3;
const CONNECTIONS = 32;
/** The most that a call can cost, in multiples of the cost on the first ledger. */
const MOST_RATIO = 1.1;

interface Measured extends Player {
  readonly kind: (typeof KINDS)[number];
  readonly ledger: Filled;
}

const { values } = parseArgs({
  options: {
    licenses: { type: 'string', default: '0,1000000,5000000' },
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '3000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else
  await grow(
    values.licenses.split(',').map(wholeNumber),
    wholeNumber(values.rounds),
    wholeNumber(values.requests),
  );

async function grow(sizes: readonly number[], rounds: number, requests: number): Promise<void> {
  if (availableParallelism() < 2) throw new TypeError('the bench needs two cores: one serves, one asks');
  const stage = await createStage();
  const client = new ClientProcess(stage);
  const servers: ServerProcess[] = [];
  try {
    progress(`filling a ledger with up to ${Math.max(...sizes)} licenses`);
    const ledgers = await fillLedgers(stage, sizes);
    const players: Measured[] = [];
    for (const ledger of ledgers) {
      const server = await start(stage, ledger);
      servers.push(server);
      for (const kind of KINDS) {
        const title = `${ledger.licenses} held, ${kind}`;
        players.push({ title, kind, server, requests, warmUp: requests, each: 1, ledger });
      }
    }
    const options = { rounds, connections: CONNECTIONS, attempts: ATTEMPTS, progress };
    const turns = await playRounds(players, client, options);
    process.stdout.write(`\n${fillTable(ledgers)}\n\n${callTable(turns)}\n`);
  } finally {
    client.stop();
    for (const server of servers) await server.stop();
    stage.remove();
  }
}

async function start(stage: Stage, { licenses, dataDir }: Filled): Promise<ServerProcess> {
  const server = await ServerProcess.start(stage, { name: `holds-${licenses}`, program: MINTMARK, dataDir });
  await server.ready();
  return server;
}

function fillTable(ledgers: readonly Filled[]): string {
  const lines = ledgers.map(({ licenses, bytes, seconds }) => [
    String(licenses),
    `${(bytes / 1e6).toFixed(1)} MB`,
    licenses === 0 ? '' : `${(bytes / licenses).toFixed(0)} bytes`,
    `${seconds.toFixed(1)} s`,
  ]);
  return align([['licenses', 'ledger', 'each', 'filled after'], ...lines]).join('\n');
}

/** CPU is the decisive figure; the ratio is the median over the rounds, each compared within the round. */
function callTable(turns: ReadonlyMap<Measured, readonly Turn[]>): string {
  const entries = [...turns];
  const lines = KINDS.flatMap((kind) => {
    const ofKind = entries.filter(([player]) => player.kind === kind);
    const first = ofKind[0]?.[1] ?? [];
    return ofKind.map(([{ title }, played]) => {
      const ratios = played.map(({ cpu }, round) => cpu / (first[round]?.cpu ?? Number.NaN));
      const ratio = median(ratios);
      if (!(ratio <= MOST_RATIO)) process.exitCode = 1;
      return [
        title,
        `${median(played.map(({ cpu }) => cpu)).toFixed(1)} µs`,
        ratio.toFixed(3),
        `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`,
        median(played.map(({ perSecond }) => perSecond)).toFixed(0),
        `${median(played.map(({ p50 }) => p50)).toFixed(1)} ms`,
        `${median(played.map(({ p99 }) => p99)).toFixed(1)} ms`,
      ];
    });
  });
  const head = ['ledger and call', 'CPU', 'ratio', 'lowest to highest', 'a second', 'p50', 'p99'];
  const played = entries.flatMap(([, all]) => all);
  const noisy = played.filter(isNoisy).length;
  return [
    ...align([head, ...lines]),
    '',
    `At most ${MOST_RATIO} times the first ledger's CPU: ${process.exitCode === 1 ? 'NOT MET' : 'met'}.`,
    ...(noisy === 0
      ? []
      : [
          `${noisy} of ${played.length} turns stayed noisy: others took more than ${MOST_NOISE * 100} % of the machine.`,
        ]),
  ].join('\n');
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`${text} is no whole number`);
  return Number(text);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
