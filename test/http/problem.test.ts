import test from 'ava';
import { AppError } from '../../src/errors.ts';
import { problemOf, STATUS } from '../../src/http/problem.ts';

test('no error has a status that a marketplace takes for an answer', (t) => {
  for (const [code, status] of Object.entries(STATUS)) t.true(status >= 400 && status < 600, code);
});

test('a problem holds the message and the code of an AppError, not its detail or cause', (t) => {
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

test('whatever else is thrown is internal, and nothing of it is told', (t) => {
  for (const thrown of [
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
