import { readFileSync } from 'node:fs';
import test from 'ava';
import { AppError, ERRORS, exitStatusOf } from '../src/errors.ts';

interface Applies {
  readonly http?: number;
  readonly page?: number;
  readonly exit?: number;
}

const TABLE: readonly (readonly [string, Applies])[] = Object.entries(ERRORS);

/** What is wrong with a row of the table. */
function faultOf({ http, page, exit }: Applies): string | undefined {
  if (http === undefined && page === undefined && exit === undefined) return 'applies nowhere';
  // A marketplace mails the text of a 200 as the license, and follows a redirect.
  if (http !== undefined && (http < 400 || http > 599)) return 'is not an error over HTTP';
  if (page !== undefined && (page < 400 || page > 599)) return 'is not an error of a page';
  if (exit !== undefined && (exit < 1 || exit > 125)) return 'is not an error of a command';
  return undefined;
}

test('each error code applies over HTTP, in a page, in a command, or in several of them, and means success in none', (t) => {
  t.true(TABLE.length > 20);
  for (const [code, applies] of TABLE) t.is(faultOf(applies), undefined, code);
});

test('the control: a code that applies nowhere or means success is found', (t) => {
  for (const wrong of [
    {},
    { http: 200 },
    { http: 302 },
    { http: 600 },
    { page: 200 },
    { exit: 0 },
    { http: 500, exit: 0 },
  ]) {
    t.not(faultOf(wrong), undefined, JSON.stringify(wrong));
  }
});

test('a process that ends with an error never exits with 0, whatever was thrown', (t) => {
  for (const thrown of [
    new AppError('bad_usage', 'x'),
    new AppError('unknown_path', 'x'),
    new Error('x'),
    undefined,
  ]) {
    t.is(exitStatusOf(thrown), 1);
  }
});

/** What docs/http-api.md says: `status code`, of the rows with as many statuses as codes or with one status for all. */
function documented(page: string): ReadonlySet<string> {
  const rows = page.matchAll(/^\| ([\d, ]+) \| ((?:`\w+`(?:, )?)+) \|/gm);
  return new Set(
    [...rows].flatMap(([, first = '', second = '']) => {
      const statuses = first.match(/\d+/g) ?? [];
      const codes = second.match(/\w+/g) ?? [];
      return codes.map((code, place) => `${statuses.length === 1 ? statuses[0] : statuses[place]} ${code}`);
    }),
  );
}

/** The codes of the table without their row on the page. */
function missingOn(page: string): readonly string[] {
  const told = documented(page);
  return TABLE.flatMap(([code, { http }]) => (http === undefined ? [] : [`${http} ${code}`])).filter(
    (each) => !told.has(each),
  );
}

test('the page of the HTTP API has a row for each code with its status', (t) => {
  const page = readFileSync('docs/http-api.md', 'utf8');
  t.deepEqual(missingOn(page), []);
  t.deepEqual(missingOn(page.replace('| 431 |', '| 432 |')), ['431 head_too_large'], 'the control');
  t.deepEqual(
    [...documented('| 403, 404 | `a`, `b` | x |\n| 409 | `c`, `d` | y |')],
    ['403 a', '404 b', '409 c', '409 d'],
  );
});
