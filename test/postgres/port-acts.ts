/**
 * Every act of the ledger's port, with data for one run, and by what a further run is recognised where the answer of its
 * COMMIT was lost.
 */
import { keptTermsOf } from '../../src/catalog/kept-terms.ts';
import { licenseSubject } from '../../src/domain/facts/license-subject.ts';
import type { ConsoleEntry, Passkey, Session } from '../../src/domain/ports/console-access.ts';
import type { LongJob } from '../../src/domain/ports/long-job.ts';
import type { ClaimedAnnouncement } from '../../src/domain/ports/outbox-ledger.ts';
import type { RaisedFlag } from '../../src/domain/values/flag.ts';
import type { KnownBy } from '../../src/storage/postgres/needs.ts';
import type { PostgresLedger } from '../../src/storage/postgres/postgres-ledger.ts';
import {
  eventOf,
  factOf,
  issueOf,
  messageOf,
  nameOf,
  orderOf,
  soldEvent,
  soldProduct,
} from '../kit/ledger-data.ts';
import { SOLD_AT } from '../kit/memory-ledger.ts';

const HOUR = 3_600_000;
const NOW = SOLD_AT + HOUR;
const ADA = { name: 'Ada Byron', email: 'ada@example.com' };
const MARKET = { marketplace: 'paddle-classic', mode: 'live' } as const;

/** A ledger that sold the order R1. */
export interface Sold {
  readonly ledger: PostgresLedger;
  readonly license: Uint8Array;
}

export interface PortAct {
  /** `row`: its row in done_act. `itself`: a statement that changes nothing when it runs again. `token`: drawn before it. */
  readonly knownBy: 'row' | 'itself' | 'token' | KnownBy;
  /** Without the row it would be done twice, or have another result. Default: it would end alike. */
  readonly twice?: true;
  /** Its result is an argument of `run`. */
  readonly before?: (sold: Sold) => Promise<unknown>;
  /** `lose`: the answer of the next write is lost. Default: of the first write. */
  readonly run: (sold: Sold, before: never, lose: () => void) => Promise<unknown>;
  readonly losesItself?: true;
}

export const READS: readonly string[] = [
  ...['findOrder', 'findEvents', 'findMissing', 'findEventsAbout', 'findFlags', 'countFlags', 'listOrders'],
  ...['showOrder', 'findOwed', 'countUndelivered', 'findMessage', 'findTerms', 'soldTerms', 'countTerms'],
  ...['findOtherTerms', 'products', 'findListSeq', 'find', 'codesAfter', 'count', 'close'],
  ...['outbox.nextDue', 'outbox.list', 'outbox.show', 'outbox.targets', 'outbox.count'],
  ...['selfService.typed', 'selfService.peopleOf', 'selfService.generation', 'selfService.handedTo'],
  ...['selfService.findChange', 'selfService.pendingChange'],
  ...['consoleAccess.findSession', 'consoleAccess.listSessions', 'consoleAccess.findPasskey'],
  ...['consoleAccess.listPasskeys', 'consoleAccess.listEntries'],
  ...['downloads.countDone', 'downloads.ofLicense', 'downloads.counts', 'jobs.find', 'jobs.newest'],
  ...['refusedCalls.list', 'handouts.unitsOut', 'publishedLists.findNewer'],
  ...['database.clockAhead', 'database.connections', 'database.load', 'database.findNote'],
];

const digest = (place: number) => new Uint8Array(32).fill(place);
const entry: ConsoleEntry = { at: NOW, person: 'ada', what: 'did something' };
const session = (place: number): Omit<Session, 'person' | 'passkey'> => ({
  ...{ digest: digest(place), openedAt: NOW, usedAt: NOW, provedAt: NOW },
});
const passkey: Passkey = {
  ...{ id: 'key', person: 'ada', name: 'a key', handle: 'aGFuZGxl', publicKey: new Uint8Array([1, 2, 3]) },
  ...{ counter: 0, transports: ['internal'], madeAt: NOW, usedAt: null },
};
const enter = async ({ ledger: { consoleAccess } }: Sold) => {
  await consoleAccess.addLink({ digest: digest(1), person: 'ada', madeAt: NOW }, entry);
  return consoleAccess.openByLink(digest(1), NOW, session(2));
};

const flag: RaisedFlag = {
  ...{
    ...MARKET,
    key: 'k',
    kind: 'drift',
    reason: 'a reason',
    order: null,
    product: null,
    event: null,
    at: NOW,
  },
};

const ping = (key: string) => ({
  ...({
    channel: 'webhook',
    target: 'shop',
    topic: 'ping',
    marketplace: 'manual',
    mode: 'live',
    order: '',
  } as const),
  ...{ product: null, license: null, sequence: 0, key, revision: 0, text: null, body: Buffer.from('{}') },
});
const claimOf = (most: number) => ({ channels: ['webhook'], now: NOW, lease: NOW + 60_000, most }) as const;
const claimed = async ({ ledger: { outbox } }: Sold): Promise<ClaimedAnnouncement> => {
  await outbox.announce([ping('a'), ping('b'), ping('c')], NOW);
  const [first] = await outbox.claim(claimOf(1));
  if (first === undefined) throw new Error('nothing was claimed');
  return first;
};
const tryOf = ({ number, lease }: ClaimedAnnouncement, outcome: 'sent' | 'refused') =>
  ({ number, lease, at: NOW, outcome, answer: 'x', counts: true, target: 'works' }) as const;
const noted = (outcome: 'sent' | 'refused') => async (sold: Sold) => {
  const first = await claimed(sold);
  await sold.ledger.outbox.note(tryOf(first, outcome));
  return first.number;
};
const asked = async ({ ledger: { selfService, outbox } }: Sold) => {
  await selfService.ask({ order: 'R1', email: ADA.email }, NOW);
  return (await outbox.list({ channel: 'inquiry', limit: 1 }))[0]?.number;
};
const changing = async ({ ledger: { selfService }, license }: Sold) => {
  await selfService.askAddress(license, 'new@example.org', NOW);
  return 1;
};

const begun = {
  kind: 'erase',
  what: 'one',
  mode: 'live',
  person: 'ada',
  from: 'orders',
  beganAt: NOW,
} as const;
const watcher = { run: 'mine', isAlone: false, now: NOW };
const begin = async ({ ledger }: Sold) => (await ledger.jobs.begin(begun, watcher)).number;

const handed = {
  ...{ license: new Uint8Array(16).fill(7), product: 'app', version: '1', file: 'a', link: 1, size: 9 },
  ...{ from: 0, at: NOW },
};
const list = { seq: 5, nxt: 9, keyId: 1, revoked: 0, suspended: 0, body: new Uint8Array([1]) };
const order = orderOf({ order: 'R1' });
const other = messageOf('Another: {{ code }}');

export const ACTS: Readonly<Record<string, PortAct>> = {
  issue: { knownBy: 'license', run: ({ ledger }) => ledger.issue(issueOf({ order: 'R2' })) },
  issueFirst: { knownBy: 'license', run: ({ ledger }) => ledger.issueFirst(issueOf({ order: 'R2' })) },
  renew: {
    knownBy: 'license',
    run: ({ ledger }) => ledger.renew({ ...issueOf({ order: 'R2' }), subscription: 's' }),
  },
  ingest: { knownBy: 'event', run: ({ ledger }) => ledger.ingest(soldEvent('F1')) },
  'ingest again': {
    knownBy: 'row',
    twice: true,
    before: ({ ledger }) => ledger.ingest(soldEvent('F1')),
    run: ({ ledger }) => ledger.ingest(soldEvent('F1'), { again: true }),
  },
  keepFailed: {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) => ledger.keepFailed(eventOf('e', []), 'a fault'),
  },
  forgetEvents: {
    knownBy: 'itself',
    before: ({ ledger }) => ledger.ingest(soldEvent('F1')),
    run: async ({ ledger }) => void (await ledger.forgetEvents(NOW * 2)),
  },
  addFacts: {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) => ledger.addFacts([factOf('order:R1', { kind: 'disputed' }, MARKET)]),
  },
  reissue: {
    knownBy: 'row',
    run: ({ ledger, license }) =>
      ledger.reissue(license, factOf(licenseSubject(license), { kind: 'withdrawn' }, MARKET)),
  },
  settleDue: {
    knownBy: 'due date',
    before: ({ ledger }) => ledger.ingest(soldEvent('F1')),
    run: ({ ledger }) => ledger.settleDue(NOW + 2 * HOUR),
  },
  eraseCustomer: { knownBy: 'row', twice: true, run: ({ ledger }) => ledger.eraseCustomer(nameOf('R1')) },
  correctCustomer: {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) => ledger.correctCustomer(nameOf('R1'), { email: 'ada@example.org' }),
  },
  settleFlags: {
    knownBy: 'row',
    twice: true,
    before: async ({ ledger }) => {
      await ledger.noteFlag(flag, true);
      return (await ledger.findFlags({ key: 'k', limit: 1 })).map(({ id }) => id);
    },
    run: ({ ledger }, ids) => ledger.settleFlags(ids, NOW, 'ada'),
  },
  noteFlag: { knownBy: 'row', run: ({ ledger }) => ledger.noteFlag(flag, true) },
  noteDelivery: { knownBy: 'delivery', run: ({ ledger }) => ledger.noteDelivery(order, 0, NOW) },
  keepMessage: { knownBy: 'digest', run: ({ ledger }) => ledger.keepMessage(other) },
  keepTerms: {
    knownBy: 'digest',
    run: ({ ledger }) => ledger.keepTerms(keptTermsOf(soldProduct('app', { name: 'Other' }))),
  },
  publishList: { knownBy: 'row', run: ({ ledger }) => ledger.publishList('app', 1, NOW) },
  probe: { knownBy: 'itself', run: ({ ledger }) => ledger.probe() },
  takeTurn: { knownBy: 'token', run: ({ ledger }) => ledger.takeTurn('work', 60_000) },

  'outbox.announce': {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) => ledger.outbox.announce([ping('a')], NOW),
  },
  'outbox.claim': {
    knownBy: 'row',
    twice: true,
    before: claimed,
    run: ({ ledger }) => ledger.outbox.claim(claimOf(1)),
  },
  'outbox.note': {
    knownBy: 'row',
    twice: true,
    before: claimed,
    run: ({ ledger }, first) => ledger.outbox.note(tryOf(first, 'sent')),
  },
  'outbox.release': {
    knownBy: 'row',
    before: claimed,
    run: ({ ledger }, first) => ledger.outbox.release([first]),
  },
  'outbox.hold': {
    knownBy: 'row',
    twice: true,
    before: ({ ledger }) => ledger.outbox.announce([ping('a')], NOW),
    run: ({ ledger }) => ledger.outbox.hold(NOW + HOUR),
  },
  'outbox.sendAgain': {
    knownBy: 'row',
    twice: true,
    before: noted('refused'),
    run: ({ ledger }, number) => ledger.outbox.sendAgain(number, NOW, 'asked'),
  },
  'outbox.repeat': {
    knownBy: 'row',
    twice: true,
    before: noted('sent'),
    run: ({ ledger }, number) => ledger.outbox.repeat(number, NOW, 'asked'),
  },
  'outbox.drop': {
    knownBy: 'row',
    twice: true,
    before: noted('refused'),
    run: ({ ledger }, number) => ledger.outbox.drop(number, NOW, 'asked'),
  },
  'outbox.pause': {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) => ledger.outbox.pause('mail', '', NOW, 'asked'),
  },
  'outbox.resume': {
    knownBy: 'row',
    twice: true,
    before: ({ ledger }) => ledger.outbox.pause('mail', '', NOW, 'asked'),
    run: ({ ledger }) => ledger.outbox.resume('mail', '', NOW),
  },
  'outbox.forget': {
    knownBy: 'row',
    before: noted('sent'),
    run: ({ ledger }) => ledger.outbox.forget(NOW + HOUR),
  },

  'selfService.ask': {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) => ledger.selfService.ask({ order: 'R1', email: ADA.email }, NOW),
  },
  'selfService.answer': {
    knownBy: 'row',
    before: asked,
    run: ({ ledger }, number) => ledger.selfService.answer(number, [ping('answer')], NOW),
  },
  'selfService.newLinks': {
    knownBy: 'row',
    run: ({ ledger, license }) => ledger.selfService.newLinks([license], NOW),
  },
  'selfService.noteHandedTo': {
    knownBy: 'row',
    run: ({ ledger, license }) => ledger.selfService.noteHandedTo(license, 'Grace'),
  },
  'selfService.askAddress': {
    knownBy: 'row',
    twice: true,
    run: ({ ledger, license }) => ledger.selfService.askAddress(license, 'new@example.org', NOW),
  },
  'selfService.confirmAddress': {
    knownBy: 'row',
    twice: true,
    before: changing,
    run: ({ ledger }, number) => ledger.selfService.confirmAddress(number, NOW),
  },
  'selfService.undoAddress': {
    knownBy: 'row',
    twice: true,
    before: async (sold) => {
      const number = await changing(sold);
      await sold.ledger.selfService.confirmAddress(number, NOW);
      return number;
    },
    run: ({ ledger }, number) => ledger.selfService.undoAddress(number, NOW),
  },
  'selfService.forget': {
    knownBy: 'row',
    before: asked,
    run: ({ ledger }) => ledger.selfService.forget(NOW + 2 * HOUR),
  },

  'consoleAccess.addLink': {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) =>
      ledger.consoleAccess.addLink({ digest: digest(1), person: 'ada', madeAt: NOW }, entry),
  },
  'consoleAccess.openByLink': {
    knownBy: 'row',
    twice: true,
    before: ({ ledger }) =>
      ledger.consoleAccess.addLink({ digest: digest(1), person: 'ada', madeAt: NOW }, entry),
    run: ({ ledger }) => ledger.consoleAccess.openByLink(digest(1), NOW, session(2)),
  },
  'consoleAccess.openByPasskey': {
    knownBy: 'row',
    twice: true,
    before: ({ ledger }) => ledger.consoleAccess.addPasskey(passkey, entry),
    run: ({ ledger }) => ledger.consoleAccess.openByPasskey({ ...passkey, counter: 1 }, session(2)),
  },
  'consoleAccess.touchSession': {
    knownBy: 'row',
    before: enter,
    run: ({ ledger }) => ledger.consoleAccess.touchSession(digest(2), NOW + 1),
  },
  'consoleAccess.endSessions': {
    knownBy: 'row',
    twice: true,
    before: enter,
    run: ({ ledger }) => ledger.consoleAccess.endSessions('all', entry),
  },
  'consoleAccess.addPasskey': {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) => ledger.consoleAccess.addPasskey(passkey, entry),
  },
  'consoleAccess.removePasskey': {
    knownBy: 'row',
    twice: true,
    before: ({ ledger }) => ledger.consoleAccess.addPasskey(passkey, entry),
    run: ({ ledger }) => ledger.consoleAccess.removePasskey('key', entry),
  },
  'consoleAccess.note': {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) => ledger.consoleAccess.note(entry),
  },

  'downloads.note': {
    knownBy: 'row',
    twice: true,
    // Bytes of a day ago, and now the whole file: to a further run it would be whole already, and begun anew.
    before: ({ ledger }) => ledger.downloads.note({ ...handed, range: [0, 4], at: NOW - 20 * HOUR }),
    run: ({ ledger }) => ledger.downloads.note({ ...handed, range: [0, 9] }),
  },
  'jobs.begin': { knownBy: 'row', twice: true, run: ({ ledger }) => ledger.jobs.begin(begun, watcher) },
  'jobs.tell': {
    knownBy: 'row',
    before: begin,
    run: ({ ledger }, number) => ledger.jobs.tell(number, { done: 1 }, NOW),
  },
  'jobs.end': {
    knownBy: 'row',
    before: begin,
    run: ({ ledger }, number: LongJob['number']) =>
      ledger.jobs.end(number, { isGood: true, text: 'Done.' }, NOW),
  },
  'refusedCalls.add': {
    knownBy: 'row',
    twice: true,
    run: ({ ledger }) =>
      ledger.refusedCalls.add([
        { marketplace: 'fastspring', what: 'event', calls: 3, firstAt: NOW, lastAt: NOW },
      ]),
  },
  'handouts.oneAtATime': {
    knownBy: 'token',
    run: ({ ledger }) => ledger.handouts.oneAtATime(order, async () => 'done'),
  },
  'handouts.take': {
    knownBy: 'token',
    losesItself: true,
    run: ({ ledger }, _, lose) =>
      ledger.handouts.oneAtATime(order, async () => {
        lose();
        await ledger.handouts.take(order, 0);
      }),
  },
  'publishedLists.keep': { knownBy: 'itself', run: ({ ledger }) => ledger.publishedLists.keep('app', list) },
  'database.noteInstance': {
    knownBy: 'itself',
    run: ({ ledger }) => ledger.database.noteInstance('01234567-89ab-7def-8123-456789abcdef', 'a'),
  },
  'database.writeNote': { knownBy: 'itself', run: ({ ledger }) => ledger.database.writeNote('a', 'text') },
};

const COMPANIONS = [
  ...['outbox', 'selfService', 'consoleAccess', 'downloads', 'jobs', 'refusedCalls', 'handouts'],
  ...['publishedLists', 'database'],
];

/** For the service beside the port. */
const BESIDE = ['reads', 'handouts.forgetOld', 'handouts.takeTurnFor'];

/** The names of all acts and reads of the port, as an open ledger has them. */
export function namesOfPort(ledger: PostgresLedger): readonly string[] {
  const own = namesIn(ledger).filter((name) => !COMPANIONS.includes(name));
  const others = COMPANIONS.flatMap((name) =>
    namesIn(ledger[name as keyof PostgresLedger]).map((each) => `${name}.${each}`),
  );
  return [...own, ...others].filter((name) => !BESIDE.includes(name)).sort();
}

function namesIn(port: object): readonly string[] {
  const prototype = Object.getPrototypeOf(port);
  const methods = prototype === Object.prototype ? [] : Object.getOwnPropertyNames(prototype);
  return [...Object.keys(port), ...methods.filter((name) => name !== 'constructor')];
}
