import test from 'ava';
import { sliceArray } from '../../../src/marketplaces/fastspring/json-slices.ts';
import fc from '../../kit/fast-check.ts';

test('each element is its text, byte for byte', (t) => {
  const elements = [
    '{"a" : 4E+1,\t"b":60.0}',
    '"a ] , } \\" \\\\"',
    '[ 1, [ ] , {} ]',
    'null',
    '-0.0',
    '{"events":[{"id":"inner"}],"x":"]"}',
    '"\\u005d你\\ud83d\\ude00"',
    '{}',
  ];
  const json = `\r\n{ "a":"events", "b":["events",[1]], "data":{"events":[9]}, "events" :\r\n[ ${elements.join(' \n, ')}\t] , "z":[[2]] }`;
  t.deepEqual(sliceArray(json, 'events'), elements);
});

test('an empty array has no elements', (t) => {
  t.deepEqual(sliceArray('{"events":[ \n ]}', 'events'), []);
  t.deepEqual(sliceArray('{"events":[],"more":[1,2]}', 'events'), []);
});

test('a name is found as a parser finds it, escapes and all', (t) => {
  t.deepEqual(sliceArray('{"\\u0065vents":[1,2]}', 'events'), ['1', '2']);
});

test('a repeated name, of which a parser drops one, yields nothing', (t) => {
  t.is(sliceArray('{"events":[1],"events":[2]}', 'events'), undefined);
  t.is(sliceArray('{"events":[1],"\\u0065vents":[]}', 'events'), undefined);
  t.is(sliceArray('{"events":null,"events":[1]}', 'events'), undefined);
});

test('for any JSON, each element is a part of the text and parses to the same value', (t) => {
  const spaces = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ noUnicodeString: false })),
      fc.jsonValue(),
      fc.jsonValue(),
      fc.constantFrom(undefined, 1, '\t'),
      spaces,
      (events, before, after, indent, space) => {
        const json = space + JSON.stringify({ before, events, after }, undefined, indent) + space;
        const slices = sliceArray(json, 'events');
        t.deepEqual(
          slices?.map((slice) => JSON.parse(slice)),
          JSON.parse(json).events,
        );
        for (const slice of slices ?? []) t.true(json.includes(slice));
      },
    ),
    { numRuns: 200 },
  );
});
