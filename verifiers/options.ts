/** The command-line options of a run. */
import { parseArgs } from 'node:util';

export interface Options {
  /** Names of language folders; an empty list means all. */
  readonly only: readonly string[];
  readonly seed: number;
  /** The number of generated inputs of the differential run. */
  readonly cases: number;
  readonly allCodePoints: boolean;
  readonly control: boolean;
}

const HELP = `npm run test:verifiers -- [options]

  --only A,B           only these folders of verifiers/
  --seed N             the same generated inputs again
  --cases N            how many of them (20000)
  --all-code-points    each code point of Unicode inserted in a code; some minutes a language
  --control            one answer of each check is turned round: succeeds only if every check then fails
`;

/** Invalid command line. The message explains the error. */
export class UsageError extends Error {}

/** Parses the command line. Returns null for a request for help. Throws a UsageError. */
export function readOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parse(args);
  if (positionals.length > 0)
    throw new UsageError(`verifiers are named by an option: --only ${positionals.join(',')}`);
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  return {
    only: values.only.split(',').filter((name) => name !== ''),
    seed: whole('seed', values.seed),
    cases: whole('cases', values.cases),
    allCodePoints: values['all-code-points'],
    control: values.control,
  };
}

function parse(args: readonly string[]) {
  const config = {
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      cases: { type: 'string', default: '20000' },
      'all-code-points': { type: 'boolean', default: false },
      control: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  } as const;
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}; --help lists the options`);
  }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name}: must be a whole number`);
  return Number(text);
}
