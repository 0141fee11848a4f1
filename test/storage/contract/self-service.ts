/** Contract: what customers type is kept apart and briefly, links are withdrawn, addresses change and change back. */
import type { TestFn } from 'ava';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { mayAnswer } from '../../../src/domain/ports/self-service.ts';
import type { NewAnnouncement } from '../../../src/domain/values/announcement.ts';
import { issueOf, issueTo, nameOf } from '../../kit/ledger-data.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { type MakeDatabase, openEmpty } from './database.ts';

const ADA = { name: 'Ada Byron', email: 'ada@example.com' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const sell = async (ledger: Ledger, order = 'R1', quantity = 1) => {
  const { held } = await issueTo(ledger, issueOf({ order, customer: ADA, quantity }));
  return held.licenses.map(({ id }) => id);
};

/** The number of the newest question. */
const newest = async (ledger: Ledger) =>
  (await ledger.outbox.list({ channel: 'inquiry', limit: 1 }))[0]?.number ?? 0;

const mailFor = (license: Uint8Array, key: string): NewAnnouncement => ({
  ...{
    channel: 'mail',
    target: 'customer',
    topic: 'asked',
    marketplace: 'paddle-classic',
    mode: 'live',
    order: 'R1',
  },
  ...{ product: 'app', license, sequence: 1, revision: 0, text: null, body: null, key },
});

export function selfServiceContract(test: TestFn, makeDatabase: MakeDatabase): void {
  test('a question is written without looking anything up, and what was typed stands in no announcement', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    for (const order of ['R1', 'R1']) await ledger.selfService.ask({ order, email: ADA.email }, SOLD_AT);
    const kept = await ledger.outbox.list({ channel: 'inquiry', limit: 9 });
    t.is(kept.length, 2, 'the same question twice is two questions');
    t.false(/R1|ada@/.test(JSON.stringify(kept)));
    const [{ number } = { number: 0 }] = kept;
    t.deepEqual(await ledger.selfService.typed(number), { order: 'R1', email: ADA.email, at: SOLD_AT });
  });

  test('what was typed goes when the question is done, and after an hour in any case', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    await ledger.selfService.ask({ order: 'R1', email: ADA.email }, SOLD_AT);
    const claim = { channels: ['inquiry'], now: SOLD_AT, lease: SOLD_AT + 1000, most: 1 } as const;
    const [claimed] = await ledger.outbox.claim(claim);
    if (claimed === undefined) return t.fail('not claimed');
    const tried = { ...claimed, at: SOLD_AT, answer: '', counts: true, target: 'works' } as const;
    await ledger.outbox.note({ ...tried, outcome: 'failed', next: SOLD_AT + 9 });
    t.not(await ledger.selfService.typed(claimed.number), undefined, 'control: it waits');
    const again = await ledger.outbox.claim({ ...claim, now: SOLD_AT + 10, lease: SOLD_AT + 2000 });
    await ledger.outbox.note({ ...tried, lease: again[0]?.lease ?? 0, outcome: 'sent' });
    t.is(await ledger.selfService.typed(claimed.number), undefined);

    await ledger.selfService.ask({ order: 'R2', email: ADA.email }, SOLD_AT);
    const number = await newest(ledger);
    await ledger.selfService.forget(SOLD_AT + HOUR);
    t.not(await ledger.selfService.typed(number), undefined, 'control');
    await ledger.selfService.forget(SOLD_AT + HOUR + 1);
    t.is(await ledger.selfService.typed(number), undefined);
  });

  test('an order is answered five times a day, an address three times an hour, whatever the spelling', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [license = new Uint8Array()] = await sell(ledger);
    let count = 0;
    const ask = async (order: string, email: string, at: number) => {
      await ledger.selfService.ask({ order, email }, at);
      count += 1;
      return ledger.selfService.answer(await newest(ledger), [mailFor(license, `k${count}`)], at);
    };
    const answers = [];
    for (const [order, email, at] of [
      ['R1', 'ada@example.com', 0],
      ['r1 ', 'Ada@example.com', 1],
      ['R1', 'ada@example.com', 2],
      ['R1', 'ada@example.com', 3],
      ['R2', 'ADA@example.com', 4],
      ['R1', 'ada@example.com', HOUR + 3],
      ['R1', 'other@example.com', HOUR + 4],
      ['R1', 'third@example.com', HOUR + 5],
      ['R1', 'third@example.com', DAY + 6],
    ] as const)
      answers.push(await ask(order, email, SOLD_AT + at));
    const [yes, no] = ['answer', 'limited'];
    t.deepEqual(answers, [yes, yes, yes, no, no, yes, yes, no, yes]);
    t.is((await ledger.outbox.list({ channel: 'mail', limit: 99 })).length, 6);
  });

  test('a question that is tried again writes no second mail', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [license = new Uint8Array()] = await sell(ledger);
    await ledger.selfService.ask({ order: 'R1', email: ADA.email }, SOLD_AT);
    const number = await newest(ledger);
    for (const _ of [1, 2, 3, 4])
      t.is(await ledger.selfService.answer(number, [mailFor(license, 'once')], SOLD_AT), 'answer');
    t.is((await ledger.outbox.list({ channel: 'mail', limit: 99 })).length, 1);
  });

  test('a generation is what it was at each moment', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [license = new Uint8Array()] = await sell(ledger);
    const at = (moment: number) => ledger.selfService.generation(license, moment);
    t.is(await at(SOLD_AT), 0);
    await ledger.selfService.newLinks([license], SOLD_AT + 10);
    await ledger.selfService.newLinks([license], SOLD_AT + 20);
    t.deepEqual([await at(SOLD_AT + 9), await at(SOLD_AT + 10), await at(SOLD_AT + 20)], [0, 1, 2]);
    for (let count = 0; count < 300; count++)
      await ledger.selfService.newLinks([license], SOLD_AT + 100 + count);
    t.is(await at(SOLD_AT + DAY), 255, 'a token has one byte for it');
  });

  test('an address changes for all units, the history says so without it, and the former one can undo it for 14 days', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [license = new Uint8Array(), second = new Uint8Array()] = await sell(ledger, 'R1', 2);
    const { selfService } = ledger;
    t.is(await selfService.askAddress(license, 'new@example.org', SOLD_AT), 'asked');
    const [mail] = await ledger.outbox.list({ channel: 'mail', limit: 1 });
    t.false(JSON.stringify(mail).includes('example.org'));
    t.deepEqual(await selfService.peopleOf(second), { holder: ADA.email, buyer: undefined }, 'not yet');
    t.true(await selfService.confirmAddress(1, SOLD_AT + 1));
    t.false(await selfService.confirmAddress(1, SOLD_AT + 2));
    t.deepEqual(await selfService.peopleOf(second), { holder: 'new@example.org', buyer: undefined });
    const { facts } = await ledger.showOrder('R1');
    t.true(facts.some(({ cause }) => cause === 'the customer gave another address'));
    t.false(JSON.stringify(facts).includes('@'));

    t.true(await selfService.undoAddress(1, SOLD_AT + 14 * DAY));
    t.deepEqual(await selfService.peopleOf(second), { holder: ADA.email, buyer: undefined });
    t.is(await selfService.generation(second, SOLD_AT + 14 * DAY), 1);
    t.false(await selfService.undoAddress(1, SOLD_AT + 14 * DAY), 'good once');
  });

  test('whoever undoes a change ends all that was asked for after it, and nothing that was before', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [license = new Uint8Array()] = await sell(ledger);
    const { selfService } = ledger;
    const change = async (address: string, number: number) => {
      t.is(await selfService.askAddress(license, address, SOLD_AT + number), 'asked');
      t.true(await selfService.confirmAddress(number, SOLD_AT + number));
    };
    await change('eve@example.org', 1);
    await change('eve2@example.org', 2);
    t.is(await selfService.askAddress(license, 'eve3@example.org', SOLD_AT + 3), 'asked');
    t.true(await selfService.undoAddress(2, SOLD_AT + 4));
    t.is((await selfService.peopleOf(license)).holder, 'eve@example.org');
    t.false(await selfService.confirmAddress(3, SOLD_AT + 5), 'it was asked for later');
    t.true(await selfService.undoAddress(1, SOLD_AT + 6), 'it was done before');
    t.is((await selfService.peopleOf(license)).holder, ADA.email);

    const later = SOLD_AT + 40 * DAY;
    for (const [number, address] of [
      [4, 'eve@example.org'],
      [5, 'eve2@example.org'],
    ] as const) {
      t.is(await selfService.askAddress(license, address, later + number), 'asked');
      t.true(await selfService.confirmAddress(number, later + number));
    }
    t.true(await selfService.undoAddress(4, later + 6));
    t.false(await selfService.undoAddress(5, later + 7), 'control: it would bring an address of Eve back');
    t.is((await selfService.peopleOf(license)).holder, ADA.email);
  });

  test('a correction of the address by a person ends the change that waits, and no other one', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { selfService } = ledger;
    const [license = new Uint8Array()] = await sell(ledger);
    const [other = new Uint8Array()] = await sell(ledger, 'R2');
    for (const one of [license, other]) await selfService.askAddress(one, 'new@example.org', SOLD_AT);
    const waits = async (one: Uint8Array) => (await selfService.pendingChange(one, SOLD_AT)) !== undefined;
    t.is(await ledger.correctCustomer(nameOf('R1'), { name: 'Ada King' }), 1);
    t.true(await waits(license), 'control: the address stays');
    t.is(await ledger.correctCustomer(nameOf('R1'), { email: 'right@example.com' }), 1);
    t.deepEqual([await waits(license), await waits(other)], [false, true]);
    t.is((await selfService.findChange(1))?.newAddress, null);
    t.false(await selfService.confirmAddress(1, SOLD_AT + 1));
    t.is((await selfService.peopleOf(license)).holder, 'right@example.com');
    t.true(await selfService.confirmAddress(2, SOLD_AT + 1));
    await selfService.askAddress(license, 'next@example.org', SOLD_AT + 2);
    t.true(await selfService.confirmAddress(3, SOLD_AT + 3), 'what was asked for after it');
  });

  test('a change that was made before a person corrected the address is not undone any more', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { selfService } = ledger;
    const licenses = [...(await sell(ledger)), ...(await sell(ledger, 'R2'))];
    for (const [place, license] of licenses.entries()) {
      await selfService.askAddress(license, 'new@example.org', SOLD_AT);
      t.true(await selfService.confirmAddress(place + 1, SOLD_AT));
    }
    await ledger.correctCustomer(nameOf('R1'), { email: 'right@example.com' });
    t.false(await selfService.undoAddress(1, SOLD_AT + 1));
    t.is((await selfService.peopleOf(licenses[0]!)).holder, 'right@example.com');
    t.is((await selfService.findChange(1))?.oldAddress, null);
    t.true(await selfService.undoAddress(2, SOLD_AT + 1), 'the control: of another customer');
  });

  test('after 14 days a change stays, and the former address is gone', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [license = new Uint8Array()] = await sell(ledger);
    const { selfService } = ledger;
    await selfService.askAddress(license, 'new@example.org', SOLD_AT);
    await selfService.confirmAddress(1, SOLD_AT);
    await selfService.forget(SOLD_AT + 14 * DAY - 1);
    t.is((await selfService.findChange(1))?.oldAddress, ADA.email, 'control');
    await selfService.forget(SOLD_AT + 14 * DAY);
    t.is((await selfService.findChange(1))?.oldAddress, null);
    t.false(await selfService.undoAddress(1, SOLD_AT + 14 * DAY));
  });

  test('a unit is noted as handed to somebody, noted anew, and an empty note deletes it', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [license = new Uint8Array(), second = new Uint8Array()] = await sell(ledger, 'R1', 2);
    const { selfService } = ledger;
    const notes = async () => [...(await selfService.handedTo([license, second])).values()];
    await selfService.noteHandedTo(license, 'Grace');
    await selfService.noteHandedTo(second, 'Eve');
    await selfService.noteHandedTo(license, 'Grace Hopper');
    t.deepEqual((await notes()).sort(), ['Eve', 'Grace Hopper']);
    await selfService.noteHandedTo(license, '');
    t.deepEqual(await notes(), ['Eve']);
  });

  test('where no address is known none is changed, and an unknown change is neither confirmed nor undone', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const { selfService } = ledger;
    const nobody = { name: 'Ada Byron', email: undefined };
    const { held } = await issueTo(ledger, issueOf({ order: 'R2', customer: nobody }));
    const [{ id }] = held.licenses;
    for (const license of [id, new Uint8Array(16).fill(9)]) {
      t.is(await selfService.askAddress(license, 'new@example.org', SOLD_AT), 'unknown');
      t.deepEqual(await selfService.peopleOf(license), { holder: undefined, buyer: undefined });
      t.is(await selfService.pendingChange(license, SOLD_AT), undefined);
    }
    t.is(await selfService.findChange(1), undefined);
    t.false(await selfService.confirmAddress(1, SOLD_AT));
    t.false(await selfService.undoAddress(1, SOLD_AT));
    t.is(await selfService.typed(1), undefined);
  });

  test('whoever is erased is erased in what customers gave too', async (t) => {
    const { ledger } = await openEmpty(t, makeDatabase);
    const [license = new Uint8Array()] = await sell(ledger);
    const { selfService } = ledger;
    await selfService.noteHandedTo(license, 'Grace');
    await selfService.askAddress(license, 'new@example.org', SOLD_AT);
    await selfService.ask({ order: 'R1', email: ADA.email }, SOLD_AT);
    const number = await newest(ledger);
    t.is((await selfService.handedTo([license])).size, 1, 'control');
    await ledger.eraseCustomer({ email: ADA.email });
    t.is((await selfService.handedTo([license])).size, 0);
    t.is((await selfService.findChange(1))?.newAddress, null);
    t.false(await selfService.confirmAddress(1, SOLD_AT));
    t.is(await selfService.typed(number), undefined);
  });

  test('all customers together wait beyond 200 answers an hour, and nobody is told of the limits of one', (t) => {
    const counts = { ofOrderInDay: 0, ofAddressInHour: 0, inHour: 0 };
    t.is(mayAnswer({ ...counts, inHour: 199 }), 'answer');
    t.is(mayAnswer({ ...counts, inHour: 200 }), 'later');
    t.is(mayAnswer({ ...counts, inHour: 200, ofOrderInDay: 5 }), 'limited');
  });
}
