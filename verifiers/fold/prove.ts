/**
 * Shows that the fold table reads every code point beyond ASCII as the reference does. `node verifiers/fold/prove.ts`;
 * ends with 1 at the first difference. A reader reads each code point by itself, so nothing else needs to be shown.
 */
import { readAs } from '../../src/license-code/fold.ts';
import { makeRows, readByRows } from './rows.ts';

const FIRST_POINT = 0x80;
const LAST_POINT = 0x10ffff;
const SURROGATES = { first: 0xd800, last: 0xdfff } as const;

function proves(): boolean {
  const rows = makeRows();
  for (let point = FIRST_POINT; point <= LAST_POINT; point++) {
    if (point >= SURROGATES.first && point <= SURROGATES.last) continue;
    const [right, byRows] = [readAs(point), readByRows(rows, point)];
    if (right === byRows) continue;
    console.log(`differs at ${point.toString(16)}: ${byRows}, and by the reference ${right}`);
    return false;
  }
  console.log(`every code point is read alike, Unicode ${process.versions['unicode']}`);
  return true;
}

process.exitCode = proves() ? 0 : 1;
