/** The settings in a backup: a `.env` file without secrets, and with paths that no longer hold as comments. */
import { type Config, SECRET_NAMES, SETTING_NAMES } from '../service/config.ts';

/** Where things lay; a restored shop has its own folders. */
const PLACES: ReadonlySet<string> = new Set([
  'DATA_DIR',
  'KEYS_DIR',
  'PRODUCTS_DIR',
  'LEDGER_URL',
  'LEDGER_MARK',
]);

/** A folder is a place too, and a bucket none. */
const DOWNLOADS = 'DOWNLOADS';
const IN_BUCKET = 's3://';

const QUOTES = ["'", '"', '`'] as const;

/** `at` is the moment of the backup. */
export function settingsFile({ variable }: Pick<Config, 'variable'>, at: string): string {
  const isSet = (name: string) => variable(name) !== undefined;
  const isPlace = (name: string) =>
    PLACES.has(name) || (name === DOWNLOADS && !variable(name)?.startsWith(IN_BUCKET));
  const plain = SETTING_NAMES.filter((name) => isSet(name) && !SECRET_NAMES.includes(name) && !isPlace(name));
  const secret = SECRET_NAMES.flatMap((name) => [name, `${name}_FILE`]).filter(isSet);
  // The URL of a database may hold a password; the path of a file does not.
  const isPath = (name: string) => !SECRET_NAMES.includes(name) || variable(name)?.startsWith('sqlite:');
  const places = [...PLACES, DOWNLOADS].filter(isPlace).filter((name) => isSet(name) && isPath(name));
  return [
    `# The settings of the backup of ${at}. Secrets are not in a backup.`,
    ...plain.map((name) => `${name}=${quoted(variable(name) ?? '')}`),
    ...section(
      'These were set, and have to be set again:',
      secret.map((name) => `#${name}=`),
    ),
    ...section(
      'Where things lay:',
      places.map((name) => `#${name}=${(variable(name) ?? '').replaceAll('\n', ' ')}`),
    ),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `# ${title}`, ...lines];
}

/** In the first kind of quotes that the value does not hold: Node.js knows no escapes but \n in double quotes. */
function quoted(value: string): string {
  if (/^[\w.:/@+-]+$/.test(value)) return value;
  const quote = QUOTES.find((mark) => !value.includes(mark)) ?? '';
  return `${quote}${value}${quote}`;
}
