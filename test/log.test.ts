import test from 'ava';
import { AppError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';

test('a line is one JSON object with its time in ISO 8601, and nothing of the machine', (t) => {
  const { lines, log } = kept('info');
  log.info({ a: 1 }, 'text\nwith a line end');
  t.is(lines.length, 1);
  t.true(lines[0]?.endsWith('}\n'));
  t.is(lines[0]?.split('\n').length, 2);
  const { time, ...rest } = JSON.parse(lines[0] ?? '');
  t.deepEqual(rest, { level: 30, a: 1, msg: 'text\nwith a line end' });
  t.is(new Date(time).toISOString(), time);
});

test('what is below the level is not written', (t) => {
  const { lines, log } = kept('warn');
  log.info('no');
  log.warn('yes');
  log.error('yes');
  t.is(lines.length, 2);
  const silent = kept('silent');
  silent.log.error('no');
  t.is(silent.lines.length, 0);
});

test('an error is told with its code, detail, stack and causes', (t) => {
  const { lines, log } = kept('info');
  const cause = Object.assign(new Error('deep'), { code: 'SQLITE_BUSY' });
  const err = new AppError('ledger_unavailable', 'shown', { detail: 'for the log', cause });
  log.error({ err }, 'failed');
  const line = JSON.parse(lines[0] ?? '');
  t.like(line.err, { name: 'AppError', message: 'shown', code: 'ledger_unavailable', detail: 'for the log' });
  t.like(line.err.cause, { name: 'Error', message: 'deep', code: 'SQLITE_BUSY' });
  t.regex(line.err.stack, /log\.test\.ts/);
});

test('other fields of an error are not told: they may hold what was sent', (t) => {
  const { lines, log } = kept('info');
  const error = Object.assign(new Error('x'), {
    body: 'CANARY',
    fields: { name: 'CANARY' },
    received: 'CANARY',
  });
  log.error({ err: new AppError('internal', 'y', { cause: error }) });
  t.notRegex(lines.join(''), /CANARY/);
});

test('what is thrown and is no error is told as text', (t) => {
  const { lines, log } = kept('info');
  log.error({ err: 'text' });
  t.deepEqual(JSON.parse(lines[0] ?? '').err, { message: 'text' });
});

function kept(level: string) {
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
  };
  return { lines, log: createLog(level, { write }) };
}
