import test from 'ava';
import { readOptions, UsageError } from '../../verifiers/options.ts';

test('without arguments all verifiers run, on 20,000 generated inputs', (t) => {
  const { seed, ...options } = readOptions([])!;
  t.deepEqual(options, { only: [], cases: 20_000, allCodePoints: false, control: false });
  t.true(seed >= 0);
});

test('the options name verifiers, seed and number of inputs', (t) => {
  const options = readOptions(['--only', 'python,ruby', '--seed', '7', '--cases', '9', '--control']);
  t.deepEqual(options, {
    only: ['python', 'ruby'],
    seed: 7,
    cases: 9,
    allCodePoints: false,
    control: true,
  });
});

test('an argument that makes no sense is answered by a sentence that says what does', (t) => {
  const messageOf = (...args: string[]) =>
    t.throws(() => readOptions(args), { instanceOf: UsageError })?.message;
  t.is(messageOf('python', 'ruby'), 'verifiers are named by an option: --only python,ruby');
  t.is(messageOf('--cases', 'many'), '--cases: must be a whole number');
  t.regex(messageOf('--frobnicate') ?? '', /--frobnicate.*--help lists the options/);
});
