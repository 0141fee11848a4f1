/** The command-line options of a run. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  readonly rounds: number;
  /** Requests of one turn, for the fast servers and for the plain way, which takes about twenty times as long. */
  readonly requests: number;
  readonly plainRequests: number;
  /** Requests before the first round, for the just-in-time compiler. */
  readonly warmUp: number;
  readonly plainWarmUp: number;
  readonly connections: number;
  /** The most measurements of a turn, to find a quiet one. */
  readonly attempts: number;
  readonly starts: number;
  /** Licenses in a second ledger; 0 omits that comparison. */
  readonly licenses: number;
  /** Events in the ledger that is checked, erased from and cleaned beside sales; 0 omits that comparison. */
  readonly events: number;
  /** The duration of each of those measurements. */
  readonly besideSeconds: number;
  /** Licenses in the ledger whose console is measured; 0 omits it. */
  readonly consoleLicenses: number;
  readonly jsonFile: string;
  readonly profileFolder: string | undefined;
  /** A missed goal fails the run. */
  readonly gate: boolean;
}

const FULL = {
  rounds: 5,
  requests: 3000,
  plainRequests: 300,
  warmUp: 10_000,
  plainWarmUp: 100,
  attempts: 4,
  events: 100_000,
  consoleLicenses: 1_000_000,
  besideSeconds: 30,
};
const QUICK = {
  rounds: 1,
  requests: 600,
  plainRequests: 60,
  warmUp: 600,
  plainWarmUp: 20,
  attempts: 1,
  events: 2000,
  consoleLicenses: 20_000,
  besideSeconds: 2,
};

export const HELP = `npm run bench -- [options]

  --quick          one short round of everything: fails only if something does not work
  --rounds N       interleaved rounds (${FULL.rounds})
  --attempts N     times that a turn is measured at most, to find a quiet one (${FULL.attempts})
  --licenses N     also compare with a ledger that holds N licenses already
  --events N       events of the ledger that is checked, erased from and forgotten beside sales (${FULL.events})
  --console N      licenses of the ledger whose console is measured, also beside sales (${FULL.consoleLicenses})
  --json FILE      where the figures go (bench/result.json)
  --profile DIR    write a .cpuprofile of each server; read one with  node bench/profile.ts FILE
  --gate           a goal that is not met fails the run
  --postgres       instead, on a private PostgreSQL beside SQLite; with --quick, --rounds and --licenses
`;

/** Throws a TypeError for an unknown option; undefined for --help. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      attempts: { type: 'string' },
      events: { type: 'string' },
      licenses: { type: 'string', default: '0' },
      console: { type: 'string' },
      json: { type: 'string', default: 'bench/result.json' },
      profile: { type: 'string' },
      gate: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  if (availableParallelism() < 2) throw new TypeError('the bench needs two cores: one serves, one asks');
  const amounts = values.quick ? QUICK : FULL;
  const attempts =
    values.attempts === undefined ? amounts.attempts : wholeNumber('--attempts', values.attempts);
  return {
    ...amounts,
    rounds: values.rounds === undefined ? amounts.rounds : wholeNumber('--rounds', values.rounds),
    // A profile covers exactly the requested number of requests.
    attempts: values.profile === undefined ? attempts : 1,
    events: values.events === undefined ? amounts.events : wholeNumber('--events', values.events),
    consoleLicenses:
      values.console === undefined ? amounts.consoleLicenses : wholeNumber('--console', values.console),
    connections: 32,
    starts: amounts.rounds,
    licenses: wholeNumber('--licenses', values.licenses),
    jsonFile: values.json,
    profileFolder: values.profile === undefined ? undefined : resolve(values.profile),
    gate: values.gate,
  };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`${option} takes a whole number`);
  return Number(text);
}
