/** Words of poolers that are not at hand. */
import test from 'ava';
import { refusedParameter } from '../../../../src/storage/postgres/session/pooled.ts';

// PgBouncer from 1.20 on reads options, and refuses each setting in it that it does not keep.
test('a parameter that a pooler refuses is told apart from other errors, whichever version says it', (t) => {
  for (const words of [
    'unsupported startup parameter: options',
    'unsupported startup parameter in options: search_path',
  ])
    t.regex(refusedParameter(new Error(words))?.message ?? '', /remove &options=… from LEDGER_URL/, words);
  t.is(refusedParameter(new Error('no more connections allowed')), undefined);
});
