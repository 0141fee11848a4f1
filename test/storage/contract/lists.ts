/** Contract: revocation lists are numbered once, and are the same in every process. */
import type { TestFn } from 'ava';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { revocationDigest } from '../../../src/license-code/revocation-list.ts';
import { factOf, issueOf, issueTo, orderOf } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const DAY = 86_400_000;

export function listContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('a revocation list has the same numbers in every process until a license of the product changes', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const second = await open();
    await ledger.issue(issueOf());
    t.deepEqual(await ledger.products(), ['app']);
    t.is(await ledger.findListSeq('app'), undefined);
    const first = await ledger.publishList('app', 1, SOLD_AT);
    t.deepEqual([first.revoked.length, first.suspended.length], [0, 0]);
    t.deepEqual(await second.publishList('app', 1, SOLD_AT + 1000), first);
    t.is(await second.findListSeq('app'), first.seq);
    const { id } = (await ledger.findOrder(orderOf()))!.licenses[0]!;
    const { marketplace } = orderOf();
    const withdrawn = factOf(licenseSubject(id), { kind: 'withdrawn' }, { marketplace });
    await second.addFacts([withdrawn]);
    t.is(await ledger.findListSeq('app'), undefined);
    const next = await ledger.publishList('app', 1, SOLD_AT + 2000);
    t.deepEqual(Buffer.from(next.revoked), Buffer.from(revocationDigest(id)));
    t.true(next.seq > first.seq);
    t.is(await second.findListSeq('app'), next.seq);
    t.is((await ledger.publishList('other', 1, SOLD_AT)).revoked.length, 0);
  });

  test('concurrent publishers in two processes get the same list', async (t) => {
    const { ledger, open } = await openEmpty(t, makeDatabase);
    const second = await open();
    const lists = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? ledger : second).publishList('app', 1, SOLD_AT + i * 1000),
      ),
    );
    t.is(new Set(lists.map(({ seq, iat, nxt }) => `${seq} ${iat} ${nxt}`)).size, 1);
  });

  test('a license whose last valid day was moved back is listed from the third day after it, although it is active (12)', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { held } = await issueTo(ledger, issueOf());
    const { id } = held.licenses[0];
    const back = { kind: 'set-until', until: '2027-01-31' } as const;
    await ledger.addFacts([factOf(licenseSubject(id), back, { marketplace: 'paddle-classic' })]);
    const [story] = await ledger.find({ by: 'license', id });
    t.is(story?.state, 'active');
    const listed = async (day: string) =>
      Buffer.from((await ledger.publishList('app', 1, Date.parse(`${day}T12:00:00Z`))).revoked);
    const grace = 14;
    const last = Date.parse('2027-01-31T00:00:00Z') + grace * DAY;
    const dayAt = (days: number) => new Date(last + days * DAY).toISOString().slice(0, 10);
    const onLast = [await listed(dayAt(0)), await listed(dayAt(2)), await listed(dayAt(3))];
    const without = [await listed('2027-01-31'), await listed('2027-02-02'), await listed('2027-02-03')];
    const shown = [onLast, without].map((lists) => lists.map((bytes) => bytes.equals(revocationDigest(id))));
    // An operator's day is the last valid day, or the product's grace follows it: in both cases listed two days later.
    t.true(
      shown.some((each) => JSON.stringify(each) === '[false,false,true]'),
      JSON.stringify(shown),
    );
  });
}
