import { readFileSync } from 'node:fs';
import test from 'ava';
import { withResults } from './page.ts';

const PAGE = readFileSync(new URL('../../docs/proofs.md', import.meta.url), 'utf8');

const RUN = {
  results: [
    {
      title: 'cost: $& and $1 stay as they are',
      done: '7 cycles',
      violations: 0,
      controls: [{ title: 'a weak service', found: 3 }],
      seconds: 61.4,
      holds: true,
    },
  ],
  seed: 4711,
  day: '2027-01-02',
  seconds: 2400,
  cores: 2,
  jobs: 3,
};

test('the results of a full run replace those of the run before, and the rest of the page stays', (t) => {
  const page = withResults(PAGE, RUN);
  t.true(
    page.includes(
      'The last full run, of 2027-01-02 with seed 4711, took 40 minutes on 2 cores, 3 proofs at a time:\n\n| what |',
    ),
  );
  t.true(
    page.includes(
      '| cost: $& and $1 stay as they are | 7 cycles | 0 | a weak service: found | 61 s | holds |',
    ),
  );
  const outside = (text: string) => text.replace(/<!-- results -->[\s\S]*<!-- end of results -->/, '');
  t.is(outside(page), outside(PAGE));
  t.not(outside(PAGE), PAGE, 'the control: the page has a place for them');
  t.is(withResults(page, RUN), page);
  t.is(page.match(/^\| --- /gm)?.length, PAGE.match(/^\| --- /gm)?.length, 'no second table');
});

test('a page without the place is refused', (t) => {
  t.throws(() => withResults('# Proofs\n', RUN), { message: /no <!-- results -->/ });
});
