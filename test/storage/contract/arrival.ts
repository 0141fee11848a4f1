/** Contract: the same facts and requests in any order have the same result. */
import type { TestFn } from 'ava';
import type { MarketplaceEvent } from '../../../src/domain/facts/event.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import fc from '../../kit/fast-check.ts';
import { eventOf, factOf, issueOf } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { ENTITLEMENT, MINTER } from '../../kit/minting.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const HOUR = 3_600_000;
const FASTSPRING = { marketplace: 'fastspring', line: 'app' } as const;

/** Events of a sale of two units with a subscription: two charges, one overdue, one refunded, and the end. */
function lifeOf(order: string): readonly MarketplaceEvent[] {
  const subscription = `s-${order}`;
  const about = `subscription:${subscription}` as const;
  const name = `order:${order}` as const;
  const at = (hours: number) => ({ at: SOLD_AT + hours * HOUR });
  const line = { kind: 'sold', product: 'app', quantity: 2, line: 'app', subscription } as const;
  return [
    eventOf(`${order} sold`, [factOf(name, line, { ...at(0), key: 'sold' })]),
    eventOf(`${order} id`, [factOf(`order-id:i${order}`, { kind: 'alias', of: name }, at(0))]),
    eventOf(`${order} first`, [
      factOf(about, { kind: 'paid', until: '2028-01-01', sequence: 1, part: 'first', charge: name }, at(1)),
    ]),
    eventOf(`${order} overdue`, [factOf(about, { kind: 'overdue' }, at(2))]),
    eventOf(`${order} second`, [
      factOf(`order:${order}B`, { kind: 'alias', of: about }, at(3)),
      factOf(
        about,
        { kind: 'paid', until: '2029-01-01', sequence: 2, part: 'rebill', charge: `order:${order}B` },
        at(3),
      ),
    ]),
    eventOf(`${order} back`, [factOf(`order:${order}B`, { kind: 'refunded' }, at(4))]),
    eventOf(`${order} canceled`, [factOf(about, { kind: 'canceled', last: '2027-12-31' }, at(5))]),
  ];
}

/** The licenses without revisions, codes and history. */
async function standingOf(ledger: Ledger, order: string) {
  const licenses = await ledger.find({ by: 'order', order });
  return licenses
    .map(({ unit, line, state, subscription, code }) => {
      const { lastValid, seats, features, updatesUntil } = MINTER.entitlementOf(code);
      const follows = subscription === null ? null : 'its own';
      return { unit, line, state, follows, lastValid, seats, features, updatesUntil };
    })
    .sort((a, b) => a.unit - b.unit);
}

export function arrivalContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('the events of a sale, shuffled, repeated, in several processes and with its request among them, have the same result as in order', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const second = await open();
    let run = 0;
    const play = async (order: string, acts: readonly number[], requestAt: number) => {
      const events = lifeOf(order);
      for (const [step, act] of acts.entries()) {
        const on = step % 2 === 0 ? ledger : second;
        if (step === requestAt) {
          const request = issueOf({ ...FASTSPRING, order, quantity: 2 }, { at: SOLD_AT + HOUR / 2 });
          await on.renew({ ...request, subscription: `s-${order}` });
        }
        await on.ingest(events[act]!);
      }
      return standingOf(ledger, order);
    };
    const expected = await play('plain', [0, 1, 2, 3, 4, 5, 6], 1);
    t.is(expected.length, 2);
    t.is(expected[0]?.state, 'active');
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
        fc.array(fc.nat({ max: 6 }), { maxLength: 5 }),
        fc.nat({ max: 6 }),
        async (acts, again, requestAt) => {
          run += 1;
          t.deepEqual(await play(`run${run}`, [...acts, ...again], requestAt), expected);
        },
      ),
      { numRuns: 60, seed: 20_261_126 },
    );
    // The control: with the time of arrival instead of the marketplace's time the result differs.
    const [sold, , first, , , back] = lifeOf('late');
    const told = [back, sold, first].map((event, place) => ({
      ...event!,
      facts: event!.facts.map((fact) => ({ ...fact, at: SOLD_AT + place * HOUR })),
    }));
    for (const event of told) await ledger.ingest(event);
    t.notDeepEqual(await standingOf(ledger, 'late'), expected);
  });

  test('a genuine code of an unknown license is adopted, a foreign code is not (53)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const identity = { ...FASTSPRING, mode: 'live', order: 'R1', product: 'app', unit: 0 } as const;
    const lost = MINTER.mint(identity, ENTITLEMENT, 3);
    const foreign = MINTER.mint({ ...identity, order: 'R9' }, ENTITLEMENT, 4);
    const sold = factOf(
      'order:R1',
      { kind: 'sold', product: 'app', quantity: 1, line: 'app' },
      { at: SOLD_AT },
    );
    await ledger.ingest(eventOf('e1', [sold], { codes: [foreign.code, lost.code, 'no code'] }));
    const [license] = await ledger.find({ by: 'order', order: 'R1' });
    t.deepEqual([license?.revision, license?.code, license?.handed], [3, lost.code, 3]);
    t.deepEqual(await ledger.find({ by: 'order', order: 'R9' }), []);
  });

  test('the next revision is above the highest revision that was seen outside (53)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf());
    const { id } = (await ledger.findOrder(issueOf().order))!.licenses[0];
    const about = { marketplace: 'paddle-classic' } as const;
    await ledger.addFacts([factOf(licenseSubject(id), { kind: 'learned', revision: 7 }, about)]);
    const until = { kind: 'set-until', until: '2029-01-01' } as const;
    await ledger.addFacts([factOf(licenseSubject(id), until, about)]);
    const [license] = await ledger.find({ by: 'license', id });
    t.true(license!.revision > 7, String(license!.revision));
    t.is(license?.history.at(-1)?.revision, license?.revision);
  });

  test('an operator’s decisions apply to a license’s successor, except its withdrawal', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.issue(issueOf());
    const { id } = (await ledger.findOrder(issueOf().order))!.licenses[0];
    const about = { marketplace: 'paddle-classic' } as const;
    await ledger.addFacts([
      factOf(
        licenseSubject(id),
        { kind: 'set-until', until: '2029-06-30' },
        { ...about, at: SOLD_AT + HOUR },
      ),
    ]);
    const leaked = factOf(licenseSubject(id), { kind: 'withdrawn' }, { ...about, at: SOLD_AT + 2 * HOUR });
    const next = await ledger.reissue(id, leaked);
    const [old] = await ledger.find({ by: 'license', id });
    const [fresh] = await ledger.find({ by: 'license', id: next });
    t.is(old?.state, 'revoked');
    t.is(fresh?.state, 'active');
    t.is(MINTER.entitlementOf(fresh!.code).lastValid, MINTER.entitlementOf(old!.code).lastValid);
  });
}
