import test from 'ava';
import { LONGEST_NAME, readName } from '../../../src/domain/values/customer-name.ts';
import { customerOf } from '../../../src/marketplaces/person.ts';

test('a name is typed text of 1 to 200 characters, whatever they are encoded in', (t) => {
  t.is(readName('  Ada Byron '), 'Ada Byron');
  for (const [character, longest] of [
    ['n', LONGEST_NAME],
    ['\u{20bb7}', LONGEST_NAME],
  ] as const) {
    t.is(readName(character.repeat(longest)), character.repeat(longest));
    t.is(readName(character.repeat(longest + 1)), undefined);
    t.is(customerOf(character.repeat(longest), undefined).name, character.repeat(longest), 'nor is it cut');
  }
  for (const empty of ['', ' \t']) t.is(readName(empty), undefined);
});
