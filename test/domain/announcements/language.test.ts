/** The language that a marketplace states for a customer, and the text that follows from it. */
import test from 'ava';
import { languageAt, languageIn, languageNote, textIn } from '../../../src/domain/announcements/language.ts';
import type { Fact } from '../../../src/domain/facts/fact.ts';
import { productOf } from '../../kit/product.ts';
import { told } from '../../kit/telling.ts';
import { MARKET } from '../../kit/world.ts';

const plain = productOf();
const german = { ...plain.message, digest: 'the German text' };
const translated = productOf({ translations: { de: german } });

test('a language is noted if one of the products has a text in it', (t) => {
  const note = { kind: 'noted', note: 'the customer reads de', language: 'de' } as const;
  t.deepEqual(languageNote('de', [plain, translated]), note);
  t.is(languageNote('fr', [plain, translated]), undefined);
  t.is(languageNote('de', []), undefined);
  t.is(languageNote('constructor', [translated]), undefined, 'no property of every object is a language');
  t.is(languageNote(undefined, [translated]), undefined);
});

test('the text is that of the language, else the product’s own', (t) => {
  t.is(textIn(translated, 'de'), german);
  for (const language of ['fr', 'constructor', undefined])
    t.is(textIn(translated, language), translated.message, language);
});

const stated = (day: string, language: string, key = language): Fact =>
  told(day, 'order:A', { kind: 'noted', note: 'a note', language }, key);

test('the language that was stated first counts, in any order of arrival', (t) => {
  const [first, later] = [stated('2027-01-01', 'fr'), stated('2027-01-02', 'de')];
  t.is(languageIn([first, later]), 'fr');
  t.is(languageIn([later, first]), 'fr');
  const same = [stated('2027-01-01', 'de', 'b'), stated('2027-01-01', 'fr', 'a')];
  t.is(languageIn(same), 'fr', 'of one time, the one with the smaller key');
  t.is(languageIn([...same].reverse()), 'fr');
  const repeated = [stated('2027-01-01', 'de', 'a'), stated('2027-01-01', 'fr', 'a')];
  t.is(languageIn(repeated), 'de');
  const earlier = stated('2026-12-31', 'it', 'z');
  t.is(languageIn([...same, earlier]), 'it', 'the time comes before the key');
  t.is(languageIn([earlier, ...same]), 'it');
  const others = [
    told('2026-01-01', 'order:A', { kind: 'noted', note: 'x' }),
    told('2026-01-01', 'order:A', { kind: 'refunded' }),
  ];
  t.is(languageIn(others), undefined);
  t.is(languageIn([...others, later]), 'de');
});

test('what another market says of an order of the same number is of another customer', (t) => {
  const facts = [
    { ...stated('2027-01-01', 'fr'), marketplace: 'stripe' as const },
    { ...stated('2027-01-01', 'it'), mode: 'test' as const },
    stated('2027-01-02', 'de'),
  ];
  t.is(languageAt(facts, MARKET), 'de');
  t.is(languageAt(facts.slice(0, 2), MARKET), undefined);
});
