/** Controls of a soak: the same build, weakened in one place, which the soak must detect. */
import { type Weakness, weakened } from '../../test/proof/kit/weakening.ts';
import type { Around } from './soak.ts';
import type { About } from './verdict.ts';

export interface Control {
  readonly title: string;
  readonly finds: About;
  readonly around: Around;
}

const BODY = '      resolve(bytes.subarray(0, size));';
const KEEPS = 'this.#connection = connection;';
const SEAL = 'sealHistory(sealer, id, row, sealBefore)';

export const CONTROLS: readonly Control[] = [
  { title: 'it believes no proxy', finds: 'errors', around: { imports: [], env: { TRUST_PROXY: 'off' } } },
  build('each body is kept', 'memory', {
    file: 'src/http/edge/body.ts',
    changes: [keeping('kept.push(body);')],
  }),
  build('each request takes longer', 'p99', {
    file: 'src/http/edge/body.ts',
    changes: [
      keeping(
        'kept.length++; for (const end = performance.now() + kept.length / 5000; performance.now() < end; );',
      ),
    ],
  }),
  build('a tenth of a second is taken twice a second', 'loop', {
    file: 'src/http/edge/body.ts',
    changes: [
      [
        'export const LARGEST_FORM',
        'setInterval(() => { for (const end = Date.now() + 100; Date.now() < end; ); }, 400);\nexport const LARGEST_FORM',
      ],
    ],
  }),
  build('the log is never taken into the ledger', 'log', {
    file: 'src/storage/sqlite/file/log-file.ts',
    changes: [
      [KEEPS, `${KEEPS} connection.pragma('wal_autocheckpoint = 0');`],
      ['log - checkpointed >= MOST_PAGES', 'false'],
    ],
  }),
  build('a seal is of another time', 'ledger', {
    file: 'src/storage/record/history-row.ts',
    changes: [[SEAL, SEAL.replace('row', '{ ...row, at: row.at + 1 }')]],
  }),
];

function build(title: string, finds: About, weakness: Weakness): Control {
  return { title, finds, around: weakened(weakness) };
}

/** Changes the handling of each body; `kept` holds those of earlier requests. */
function keeping(act: string): readonly [string, string] {
  return [
    BODY,
    `const body = bytes.subarray(0, size);
     const kept = (globalThis.kept ??= []); ${act} resolve(body);`,
  ];
}
