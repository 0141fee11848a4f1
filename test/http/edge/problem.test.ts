import test from 'ava';
import { AppError } from '../../../src/errors.ts';
import { problemOf } from '../../../src/http/edge/problem.ts';

test('a problem contains the message and the code of an AppError, not its detail or cause', (t) => {
  const error = new AppError('order_conflict', 'Public.', {
    detail: 'CANARY',
    cause: new Error('CANARY'),
  });
  t.deepEqual(problemOf(error, 'r-1'), {
    type: 'urn:mintmark:problem:order_conflict',
    title: 'Public.',
    status: 409,
    code: 'order_conflict',
    request: 'r-1',
  });
});

test('an endpoint may override the status of one code without changing other codes', (t) => {
  const statuses = { license_revoked: 409 } as const;
  t.is(problemOf(new AppError('license_revoked', 'Public.'), 'r-1').status, 410);
  t.is(problemOf(new AppError('license_revoked', 'Public.'), 'r-1', statuses).status, 409);
  t.is(problemOf(new AppError('license_suspended', 'Public.'), 'r-1', statuses).status, 403);
});

test('any other thrown value is `internal` and reveals nothing', (t) => {
  for (const thrown of [
    // Only failing commands and failing starts have these codes.
    new AppError('bad_configuration', 'CANARY'),
    new AppError('not_found', 'CANARY'),
    new Error('CANARY'),
    new TypeError('CANARY'),
    'CANARY',
    undefined,
    { message: 'CANARY' },
  ]) {
    const problem = problemOf(thrown, 'r-2');
    t.is(problem.code, 'internal');
    t.is(problem.status, 500);
    t.notRegex(JSON.stringify(problem), /CANARY/);
  }
});
