/** Clock of the customer's computer, build date and latest day seen: the day that counts and the day that is kept. */
import { codeOf, readCase } from '../build.ts';
import type { ReadCase, VectorLicense } from '../published.ts';

/** Name, license, clock, latest day seen, build date, verdict, day to keep. */
type Row = readonly [string, Partial<VectorLicense>, string, string | null, string | null, string, string];

const YEAR = { issued: '2026-11-21', lastValid: '2027-11-24' };
const GOOD = { issued: '2026-11-21' };
const LEAP = { issued: '2027-02-28', lastValid: '2028-02-29' };
const LAST = { issued: '2149-06-06', lastValid: '2149-06-06' };

const ROWS: readonly Row[] = [
  ['on the day of issue', YEAR, '2026-11-21', null, null, 'valid', '2026-11-21'],
  ['in between', YEAR, '2027-05-01', null, null, 'valid', '2027-05-01'],
  ['on the last day', YEAR, '2027-11-24', null, null, 'valid', '2027-11-24'],
  ['on the day after', YEAR, '2027-11-25', null, null, 'expired', '2027-11-25'],
  ['long after: no more is kept than is needed', YEAR, '2099-01-01', null, null, 'expired', '2027-11-25'],
  ['two days behind', YEAR, '2026-11-19', null, null, 'valid', '2026-11-19'],
  ['three days behind', YEAR, '2026-11-18', null, null, 'not-yet-valid', '2026-11-18'],
  ['a dead battery', YEAR, '1970-01-01', null, null, 'not-yet-valid', '1970-01-01'],
  ['a dead battery, and a day seen', YEAR, '1970-01-01', '2027-01-01', null, 'valid', '2027-01-01'],
  ['a dead battery, and a build date', YEAR, '1970-01-01', null, '2026-11-21', 'valid', '2026-11-21'],
  [
    'a dead battery, and an older build date',
    YEAR,
    '1970-01-01',
    null,
    '2026-11-18',
    'not-yet-valid',
    '2026-11-18',
  ],
  ['set back behind the end', YEAR, '2027-05-01', '2027-11-25', null, 'expired', '2027-11-25'],
  ['set back to the end', YEAR, '2027-05-01', '2027-11-24', null, 'valid', '2027-11-24'],
  ['ahead of the day seen', YEAR, '2027-05-02', '2027-05-01', null, 'valid', '2027-05-02'],
  [
    'a day seen of another license, later than is needed',
    YEAR,
    '2027-05-02',
    '2030-01-01',
    null,
    'expired',
    '2030-01-01',
  ],
  ['a build date behind the end', YEAR, '2027-05-01', null, '2027-11-25', 'expired', '2027-11-25'],
  ['a build date at the end', YEAR, '2027-05-01', null, '2027-11-24', 'valid', '2027-11-24'],
  ['a build date long behind the end', YEAR, '2027-05-01', null, '2030-01-01', 'expired', '2027-11-25'],
  ['a build date behind the day seen', YEAR, '2026-11-21', '2027-01-01', '2027-02-01', 'valid', '2027-02-01'],
  ['a day seen behind the build date', YEAR, '2026-11-21', '2027-03-01', '2027-02-01', 'valid', '2027-03-01'],
  [
    'a renewal, after a clock that was years ahead',
    { ...YEAR, revision: 1, lastValid: '2028-11-24' },
    '2027-11-26',
    '2027-11-25',
    null,
    'valid',
    '2027-11-26',
  ],
  ['a leap day as the last', LEAP, '2028-02-29', null, null, 'valid', '2028-02-29'],
  ['the day after a leap day', LEAP, '2030-01-01', null, null, 'expired', '2028-03-01'],
  [
    'over the end of a year',
    { ...YEAR, lastValid: '2027-12-31' },
    '2029-01-01',
    null,
    null,
    'expired',
    '2028-01-01',
  ],
  ['the last day that a code holds', LAST, '2149-06-06', null, null, 'valid', '2149-06-06'],
  ['the day after the last day that a code holds', LAST, '2150-01-01', null, null, 'expired', '2149-06-07'],
  ['for good, on the day of issue', GOOD, '2026-11-21', null, null, 'valid', '2026-11-21'],
  ['for good, years later', GOOD, '2099-01-01', null, null, 'valid', '2026-11-21'],
  ['for good, a dead battery', GOOD, '1970-01-01', null, null, 'valid', '1970-01-01'],
  ['for good, the day before', GOOD, '2026-11-20', null, null, 'valid', '2026-11-20'],
  ['for good, four years before', GOOD, '2022-11-21', null, null, 'valid', '2022-11-21'],
  ['for good, a day seen', GOOD, '2026-11-20', '2028-01-01', null, 'valid', '2028-01-01'],
  ['for good, a build date', GOOD, '2026-11-20', null, '2028-01-01', 'valid', '2026-11-21'],
  [
    'for good, updates that ended, whatever the clock says',
    { ...GOOD, updatesUntil: '2027-11-24' },
    '1970-01-01',
    null,
    '2027-11-25',
    'updates-ended',
    '2026-11-21',
  ],
  [
    'for good, updates that have not ended, whatever the clock says',
    { ...GOOD, updatesUntil: '2027-11-24' },
    '2099-01-01',
    null,
    '2027-11-24',
    'valid',
    '2026-11-21',
  ],
  [
    'for good, updates, and a day seen that is no build date',
    { ...GOOD, updatesUntil: '2027-11-24' },
    '2026-11-21',
    '2030-01-01',
    '2027-11-24',
    'valid',
    '2030-01-01',
  ],
  [
    'a trial, set back',
    { trial: true, issued: '2026-11-21', lastValid: '2026-12-05' },
    '2026-11-22',
    '2026-12-06',
    null,
    'expired',
    '2026-12-06',
  ],
];

export function clock(): ReadCase[] {
  return ROWS.map(([name, license, today, latestDay, buildDate, verdict, keep]) =>
    readCase(`clock: ${name}`, codeOf(license), verdict, {
      today,
      buildDate,
      ...(latestDay !== null && { latestDay }),
      keep,
    }),
  );
}
