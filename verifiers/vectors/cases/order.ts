/**
 * The order of the checks: for any two faults, a code with both gets the verdict of the first. A reader with two checks
 * in the wrong order fails at least one case.
 */
import {
  type Change,
  changed,
  codeOf,
  flip,
  KEY,
  LICENSE,
  mistyped,
  OTHER_PRODUCT,
  readCase,
} from '../build.ts';
import type { ReadCase, VectorLicense } from '../published.ts';

interface Fault {
  readonly verdict: string;
  readonly license?: Partial<VectorLicense>;
  /** Changes the record before it is signed. */
  readonly edit?: Change;
  /** Changes the signed code. */
  readonly break?: (code: string) => string;
  readonly reader?: Partial<ReadCase>;
}

/** Faults in the order of the format's table, from the first verdict that needs a whole code. */
const FAULTS: readonly Fault[] = [
  { verdict: 'mistyped', break: mistyped },
  { verdict: 'unsupported-version', edit: (bytes) => flip(0, 5)(bytes) },
  { verdict: 'wrong-product', license: { product: OTHER_PRODUCT } },
  { verdict: 'unknown-key', edit: (bytes) => bytes.fill(KEY.stranger, 1, 2) },
  { verdict: 'forged', break: (code) => changed(code, flip(40)) },
  { verdict: 'test-code', license: { test: true, keyId: KEY.test } },
  { verdict: 'not-yet-valid', license: { issued: '2026-11-24', lastValid: '2030-01-01' } },
  { verdict: 'revoked', reader: { revoked: [LICENSE.licenseId] } },
  { verdict: 'expired', license: { lastValid: '2026-11-20' } },
  { verdict: 'updates-ended', license: { updatesUntil: '2026-11-20' }, reader: { buildDate: '2026-11-21' } },
];

export function order(): ReadCase[] {
  const pairs = FAULTS.flatMap((first, i) =>
    FAULTS.slice(i + 1).map((second) =>
      caseOf(`${first.verdict} before ${second.verdict}, where both are so`, [first, second]),
    ),
  );
  const tails = FAULTS.slice(0, -2).map((first, i) =>
    caseOf(`${first.verdict} before all that come after it`, FAULTS.slice(i)),
  );
  return [...pairs, ...tails, ...textBeforeAll()];
}

function caseOf(name: string, faults: readonly Fault[]): ReadCase {
  const license: Partial<VectorLicense> = Object.assign({}, ...faults.map((fault) => fault.license));
  const edit: Change = (bytes) => {
    for (const fault of faults) fault.edit?.(bytes);
  };
  let code = codeOf(license, license.keyId, edit);
  // From the last fault to the first: a fault that corrects the check digits comes before a fault that breaks them.
  for (const fault of faults.toReversed()) code = fault.break?.(code) ?? code;
  const verdict = faults[0]?.verdict ?? 'valid';
  return readCase(name, code, verdict, Object.assign({}, ...faults.map((fault) => fault.reader)));
}

/** The verdict on a text that is not a code precedes every verdict on its content. */
function textBeforeAll(): ReadCase[] {
  const bad = mistyped(codeOf({ lastValid: '2026-11-20' }));
  const wrong = `${bad.slice(0, 99)}U${bad.slice(100)}`;
  const character = { character: 'U', position: 100, group: 13 };
  return [
    readCase('bad-character before mistyped', wrong, 'bad-character', character),
    readCase('bad-character before too-short', wrong.slice(0, -1), 'bad-character', character),
    readCase('bad-character before too-long', `${wrong}00`, 'bad-character', character),
    readCase('too-short before bad-character, below 159', wrong.slice(0, 158), 'too-short', {
      count: 158,
      group: 13,
    }),
    readCase('too-short before mistyped', bad.slice(0, -1), 'too-short', { count: 159 }),
    readCase('too-long before mistyped', `${bad}0`, 'too-long', { count: 161 }),
  ];
}
