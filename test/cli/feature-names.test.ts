import test from 'ava';
import { featuresText } from '../../src/cli/feature-names.ts';
import { cliOf } from '../kit/cli.ts';
import { productFile } from '../kit/products.ts';
import { sellMany } from '../kit/sell-many.ts';
import { makeHome } from '../kit/service.ts';

test('a license is shown with the names of its features, as its product file had them when it was sold', async (t) => {
  const file = (features: string) =>
    productFile(`name: App\nterm: P1Y\nfeatures: [${features}]\ngrants: [sync]`);
  const home = makeHome(t, { products: { app: file('export, sync') } });
  const cli = cliOf(home);
  await sellMany(home.config, 1, home.clock.now);
  home.putProducts({ app: file('export, sync, more') });
  const { out } = await cli(['ledger', 'find', '600000']);
  t.regex(out, /^entitles {4}1 seat, features sync$/m);
  const [, id = ''] = /^license {5}(\S+)/m.exec(out) ?? [];
  for (const words of [
    ['license', 'show', id],
    ['license', 'suspend', id, '--reason', 'x'],
    ['license', 'reinstate', id, '--reason', 'x'],
    ['license', 'reissue', id, '--reason', 'x'],
    ['order', 'show', '600000'],
  ])
    t.regex((await cli(words)).out, /^entitles {4}1 seat, features sync$/m, words.join(' '));
});

test('features without names are shown by their places, and none is said', (t) => {
  t.is(featuresText(0, ['a']), 'no features');
  t.is(featuresText(0b101, ['a', 'b', 'c']), 'features a, c');
  t.is(featuresText(0b101, undefined), 'features 0b101');
});
