/** What a pooler does with the parameters of a connection. */
import { AppError } from '../../../errors.ts';
import type { Rows } from './query.ts';

const REMEDY =
  'remove &options=… from LEDGER_URL, and set what it sets on the role: ALTER ROLE … SET search_path = …';

/** PgBouncer refuses parameters that it does not know: `unsupported startup parameter: options`, or `… in options: search_path`. */
export function refusedParameter(error: unknown): AppError | undefined {
  if (!(error instanceof Error && /^unsupported (options )?startup parameter/.test(error.message)))
    return undefined;
  return new AppError(
    'ledger_unavailable',
    `The pooler in front of the database refuses the connection (${error.message}): ${REMEDY}`,
    { cause: error },
  );
}

/** A pooler may drop `options`: the ledger of another schema would be used, or made. */
export async function requireSearchPath(
  session: { rows(text: string): Promise<Rows> },
  url: string,
): Promise<void> {
  const asked = searchPathOf(url);
  if (asked === undefined) return;
  const [row] = await session.rows("SELECT current_setting('search_path') AS path");
  const path = String(row?.['path']);
  if (plain(path) === plain(asked)) return;
  throw new AppError(
    'ledger_unavailable',
    `A pooler in front of the database drops the options of LEDGER_URL, so that search_path is ${path}: ${REMEDY}`,
  );
}

/** The last one counts, as for the server and the driver. */
function searchPathOf(url: string): string | undefined {
  const options = new URLSearchParams(/\?([^?]*)$/.exec(url)?.[1]).getAll('options').at(-1) ?? '';
  return [...options.matchAll(/(?:-c\s*|--)search_path=((?:\\.|\S)*)/g)].at(-1)?.[1];
}

function plain(path: string): string {
  return path.replace(/[\s"\\]/g, '');
}
