/** Contract: the list of a day holds exactly the licenses that docs/life.md asks for. */
import type { TestFn } from 'ava';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { LicenseStory } from '../../../src/domain/ledger.ts';
import { revocationDigest } from '../../../src/license-code/revocation-list.ts';
import fc from '../../kit/fast-check.ts';
import { factOf, soldProduct } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { MINTER } from '../../kit/minting.ts';
import { bodies, days, listAt, sell, tell } from '../../kit/withdrawals.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const DAY = 86_400_000;

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Without further sales: their units can end in the act that issues them, so that nobody sees their first code. */
const laterBodies = bodies.filter(({ kind }) => kind !== 'sold');

/** The licenses of all orders so far, each with every code that it had. */
class Seen {
  readonly #codes = new Map<string, Set<string>>();
  readonly #stories = new Map<string, LicenseStory>();

  note(stories: readonly LicenseStory[]): void {
    for (const story of stories) {
      const id = hexOf(story.id);
      this.#stories.set(id, story);
      this.#codes.set(id, (this.#codes.get(id) ?? new Set()).add(story.code));
    }
  }

  /** The list by docs/life.md. */
  listAt(at: number) {
    const reached = new Date(at - 2 * DAY).toISOString().slice(0, 10);
    const isReadable = (code: string) => (MINTER.entitlementOf(code).lastValid ?? '9999-12-31') >= reached;
    const expected: { revoked: string[]; suspended: string[] } = { revoked: [], suspended: [] };
    for (const [hex, { id, state, code }] of this.#stories) {
      if (![...(this.#codes.get(hex) ?? [])].some(isReadable)) continue;
      const digest = hexOf(revocationDigest(id));
      const isOver = (state === 'ended' || state === 'active') && !isReadable(code);
      if (state === 'revoked' || isOver) expected.revoked.push(digest);
      if (state === 'suspended') expected.suspended.push(digest);
    }
    return { revoked: expected.revoked.sort(), suspended: expected.suspended.sort() };
  }
}

export function withdrawalContract(test: TestFn, makeDatabase: MakeDatabase): void {
  const opened = async (t: Parameters<MakeDatabase>[0]) =>
    (await openEmpty(t, makeDatabase, { products: [soldProduct('app')] })).ledger;

  test('after any facts, the list of any day holds exactly the licenses that docs/life.md asks for', async (t) => {
    const ledger = await opened(t);
    const seen = new Seen();
    let run = 0;
    let listed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(laterBodies, days), { minLength: 1, maxLength: 8 }),
        days,
        async (life, day) => {
          run += 1;
          const order = `R${run}`;
          const note = async () => seen.note(await ledger.find({ by: 'order', order }));
          await sell(ledger, order, 2);
          await note();
          for (const [body, at] of life) {
            await tell(ledger, order, body, SOLD_AT + at * DAY);
            await note();
          }
          const at = SOLD_AT + day * DAY;
          const list = await listAt(ledger, at);
          listed += list.revoked.length + list.suspended.length;
          t.deepEqual(list, seen.listAt(at));
        },
      ),
      { numRuns: 20 },
    );
    t.true(listed > 40, 'the control: the lists have entries');
  });

  test('after a reissue the old license is listed, and the new license is not', async (t) => {
    const ledger = await opened(t);
    await sell(ledger, 'R1');
    const [story] = await ledger.find({ by: 'order', order: 'R1' });
    const old = story!.id;
    const fresh = await ledger.reissue(
      old,
      factOf(licenseSubject(old), { kind: 'withdrawn' }, { at: SOLD_AT + DAY }),
    );
    const { revoked } = await listAt(ledger, SOLD_AT + DAY);
    t.deepEqual(revoked, [hexOf(revocationDigest(old))]);
    t.notDeepEqual(Buffer.from(fresh), Buffer.from(old));
  });

  test('a subscription that ends before its paid day is listed from two days after its end to two days after that day', async (t) => {
    const ledger = await opened(t);
    await sell(ledger, 'R1');
    await tell(ledger, 'R1', { kind: 'paid', until: '2027-02-01', sequence: null });
    // Sold with a term of a year: the code of the sale is valid longest, to 2027-12-05.
    await tell(ledger, 'R1', { kind: 'deactivated', on: '2027-01-10' }, SOLD_AT + 2 * DAY);
    const count = async (day: string) => (await listAt(ledger, Date.parse(day))).revoked.length;
    t.is(await count('2027-01-12'), 0);
    t.is(await count('2027-01-13'), 1);
    t.is(await count('2027-12-07'), 1);
    t.is(await count('2027-12-08'), 0);
  });
}
