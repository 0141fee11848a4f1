import { globSync, readFileSync } from 'node:fs';
import test from 'ava';
import { notThroughEvents } from '../../deploy/not-through-events.ts';

test('each test of HTTP that is left out of the handler’s suite is there, by its title', (t) => {
  const texts = globSync('test/http/**/*.test.ts').map((file) => readFileSync(file, 'utf8'));
  const isThere = (title: string) => texts.some((text) => text.includes(`'${title}'`));
  const titles = notThroughEvents('function-url');
  t.true(titles.length > notThroughEvents('api-gateway').length);
  for (const title of titles) t.true(isThere(title), title);
  t.false(isThere('a title of no test'), 'the control');
});
