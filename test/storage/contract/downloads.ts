/** Contract: a download is a row a license, file and link; what follows within a day goes on with it; sums are those of the rows. */
import type { TestFn } from 'ava';
import type { Ledger } from '../../../src/domain/ledger.ts';
import {
  BEGUN_ANEW_WITHIN,
  CONTINUED_WITHIN,
  type Handed,
  type Range,
} from '../../../src/domain/ports/download.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const LICENSE = new Uint8Array(16).fill(7);
const FILE = { product: 'app', version: '4.2', file: 'App-4.2.dmg' };

const handed = (range: Range | undefined, more: Partial<Handed> = {}): Handed => ({
  ...{ license: LICENSE, ...FILE, link: 1, size: 1000, range, from: range?.[0] ?? 0, at: SOLD_AT },
  ...more,
});

const ofLicense = async (ledger: Ledger) =>
  (await ledger.downloads.ofLicense(LICENSE, 99)).map(({ state, bytes }) => [state, bytes]);

export function downloadsContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('a download that is broken off and resumed is one, whole once every byte went out', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.downloads.note(handed([0, 0]));
    t.deepEqual(await ofLicense(ledger), [['begun', 0]]);
    await ledger.downloads.note(handed([0, 400]));
    await ledger.downloads.note(handed([900, 1000]));
    await ledger.downloads.note(handed([300, 899]));
    t.deepEqual(await ofLicense(ledger), [['begun', 999]]);
    t.deepEqual(await ledger.downloads.counts(), [{ ...FILE, asked: 1, done: 0 }]);
    await ledger.downloads.note(handed([899, 900], { at: SOLD_AT + CONTINUED_WITHIN - 1 }));
    t.deepEqual(await ofLicense(ledger), [['whole', 1000]]);
    t.deepEqual(await ledger.downloads.counts(), [{ ...FILE, asked: 1, done: 1 }]);
    t.is(await ledger.downloads.countDone(LICENSE, SOLD_AT), 1);
    t.is(await ledger.downloads.countDone(LICENSE, SOLD_AT + CONTINUED_WITHIN), 0);
    t.is(await ledger.downloads.countDone(new Uint8Array(16), 0), 0);
  });

  test('another link, another file, a day later, and a whole one begun anew are other downloads', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.downloads.note(handed([0, 1000]));
    await ledger.downloads.note(handed([0, 1000], { at: SOLD_AT + BEGUN_ANEW_WITHIN - 1 }));
    t.is((await ofLicense(ledger)).length, 1, 'begun anew at once');
    for (const [why, more] of [
      ['link', { link: 2 }],
      ['file', { file: 'App-4.2.exe' }],
      ['anew', { at: SOLD_AT + BEGUN_ANEW_WITHIN }],
      ['a day', { link: 2, at: SOLD_AT + CONTINUED_WITHIN }],
    ] as const) {
      const before = (await ofLicense(ledger)).length;
      await ledger.downloads.note(handed([0, 10], more));
      t.is((await ofLicense(ledger)).length, before + 1, why);
    }
  });

  test('what the bucket sends is handed over; resumed within a day or begun anew at once it is the same download', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const note = (from: number, at: number) => ledger.downloads.note(handed(undefined, { from, at }));
    await note(0, SOLD_AT);
    await note(0, SOLD_AT + BEGUN_ANEW_WITHIN - 1);
    await note(400, SOLD_AT + CONTINUED_WITHIN - 1);
    t.deepEqual(await ofLicense(ledger), [['handed', 0]]);
    t.deepEqual(await ledger.downloads.counts(), [{ ...FILE, asked: 1, done: 1 }]);
    await note(0, SOLD_AT + CONTINUED_WITHIN - 1);
    await note(400, SOLD_AT + 2 * CONTINUED_WITHIN);
    t.is((await ofLicense(ledger)).length, 3);
    t.deepEqual(await ledger.downloads.counts(), [{ ...FILE, asked: 3, done: 3 }]);
  });

  test('a clock that was set back begins downloads of its own', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.downloads.note(handed([0, 1000], { at: SOLD_AT + 365 * CONTINUED_WITHIN }));
    await ledger.downloads.note(handed([0, 400]));
    await ledger.downloads.note(handed([400, 1000], { at: SOLD_AT + 1 }));
    t.deepEqual((await ledger.downloads.counts())[0], { ...FILE, asked: 2, done: 2 });
  });
}
