/** What can be asked of a run, on the command line. */
import { parseArgs } from 'node:util';

export interface Options {
  /** Names of folders; empty is all. */
  readonly only: readonly string[];
  readonly seed: number;
  /** Generated inputs of the differential run. */
  readonly cases: number;
  readonly allCodePoints: boolean;
  readonly control: boolean;
}

const HELP = `npm run test:verifiers -- [options]

  --only A,B           only these folders of verifiers/
  --seed N             the same generated inputs again
  --cases N            how many of them (4000)
  --all-code-points    each code point of Unicode inserted in a code; some minutes a language
  --control            one answer of each check is turned round: succeeds only if every check then fails
`;

/** Null when help was asked for. Throws a TypeError for an option that is unknown or no number. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      cases: { type: 'string', default: '4000' },
      'all-code-points': { type: 'boolean', default: false },
      control: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
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

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`--${name}: must be a whole number`);
  return Number(text);
}
