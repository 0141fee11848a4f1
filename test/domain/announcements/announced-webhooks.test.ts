/** What webhooks tell of a change, and which mails a change of address brings (docs/outbox.md, docs/webhooks.md). */
import test from 'ava';
import {
  correctedMails,
  failedEventWebhooks,
  withAnnouncements,
} from '../../../src/domain/announcements/announce.ts';
import type { Changes, LedgerLicense } from '../../../src/domain/changes.ts';
import { licenseIdText } from '../../../src/domain/facts/license-subject.ts';
import {
  deliversCodes,
  MAIL_TOPICS,
  type Outgoing,
  webhookBody,
  willHaveCodesOf,
} from '../../../src/domain/values/announcement.ts';
import type { LicenseState } from '../../../src/domain/values/license.ts';
import { announcing, MAILS_ONLY, WEBHOOKS_ONLY } from '../../kit/announcing.ts';
import { changeOf, changesOf, codeOf, foundOf, newLicenseOf } from '../../kit/changed.ts';
import { flagOf } from '../../kit/desk-ledger.ts';
import { recordOf } from '../../kit/records.ts';
import { told } from '../../kit/telling.ts';
import { at, MARKET, PLAIN_MINTER } from '../../kit/world.ts';

const NOW = at('2027-06-01');

function announced(
  licenses: readonly LedgerLicense[],
  changes: Partial<Changes>,
  announce = WEBHOOKS_ONLY,
): readonly Outgoing[] {
  const decided = { changes: changesOf(changes), result: 7 };
  const rules = { announce, minter: PLAIN_MINTER };
  const { changes: after, result } = withAnnouncements(foundOf(licenses), decided, rules, NOW);
  if (result !== 7) throw new Error('another result');
  return after.outgoing;
}
const topicsOf = (...args: Parameters<typeof announced>) => announced(...args).map(({ topic }) => topic);

test('without anybody to tell, or anything to say, the changes are left as they are', (t) => {
  const decided = { changes: changesOf({ changes: [changeOf({ code: codeOf() })] }), result: 7 };
  const found = foundOf([recordOf()]);
  t.is(withAnnouncements(found, decided, { minter: PLAIN_MINTER }, NOW), decided);
  const silent = { announce: announcing({ mails: [], webhooks: [] }), minter: PLAIN_MINTER };
  t.is(withAnnouncements(found, decided, silent, NOW), decided);
  const rules = { announce: WEBHOOKS_ONLY, minter: PLAIN_MINTER };
  t.not(withAnnouncements(found, decided, rules, NOW), decided, 'the control');
});

test('each endpoint is told of each issue: the license, its code’s days and the cause', (t) => {
  const license = newLicenseOf({ unit: 1, at: 5, cause: 'sold' });
  const announce = announcing({ mails: [], endpoints: ['crm', 'books'] });
  const [first, second, ...others] = announced([], { licenses: [newLicenseOf(), license] }, announce).slice(
    2,
  );
  t.deepEqual(first, {
    channel: 'webhook',
    target: 'crm',
    topic: 'license.issued',
    order: 'A',
    product: 'pro',
    license: license.minted.id,
    number: -2,
    revision: 0,
    text: null,
    of: 'issue',
    told: {
      at: 5,
      data: {
        license: licenseIdText(license.minted.id),
        revision: 0,
        state: 'active',
        lastValidDay: '2028-01-15',
        updatesUntil: null,
        product: 'pro',
        marketplace: MARKET.marketplace,
        order: 'A',
        unit: 1,
        cause: 'sold',
      },
    },
    key: '',
  });
  t.like(second, { target: 'books', number: -2 });
  t.deepEqual(others, []);
  t.deepEqual(topicsOf([], { licenses: [newLicenseOf({ reissue: 1 })] }), ['license.reissued']);
  const issuesOnly = announcing({ mails: [], webhooks: ['license.issued'] });
  t.deepEqual(topicsOf([], { licenses: [newLicenseOf({ reissue: 1 })] }, issuesOnly), []);
});

test('a change is told by the state that it makes, a paid period as renewed, and a change of neither not at all', (t) => {
  const told = (before: LicenseState, state: LicenseState, code?: string) =>
    topicsOf([recordOf({ state: before })], { changes: [changeOf({ before, state, code })] }).join();
  t.is(told('active', 'active', codeOf()), 'license.renewed');
  t.is(told('active', 'active'), '');
  t.is(told('ended', 'active', codeOf()), 'license.renewed');
  t.is(told('ended', 'active'), 'license.reinstated');
  t.is(told('suspended', 'active', codeOf()), 'license.reinstated');
  t.is(told('suspended', 'active'), 'license.reinstated');
  for (const state of ['suspended', 'ended', 'revoked'] as const)
    t.is(told('active', state, codeOf()), `license.${state}`);
  const revokedOnly = announcing({ mails: [], webhooks: ['license.revoked'] });
  const changes = [changeOf({ state: 'suspended' }), changeOf({ before: 'suspended', state: 'revoked' })];
  t.deepEqual(topicsOf([recordOf()], { changes }, revokedOnly), ['license.revoked']);
});

test('each of several changes is told with its own state, revision and code', (t) => {
  const [first, second] = [codeOf({ lastValid: '2029-01-15' }), codeOf({ lastValid: '2030-01-15' }, 2)];
  const changes = [
    changeOf({ state: 'suspended', at: 5, cause: 'overdue' }),
    changeOf({ before: 'suspended', revision: 1, code: first }),
    changeOf({ number: 2, revision: 9, code: codeOf({ lastValid: null }) }),
    changeOf({ state: 'suspended', revision: 1 }),
    changeOf({ before: 'suspended', revision: 2, code: second }),
  ];
  const outgoing = announced([recordOf(), recordOf({ number: 2, unit: 1 })], { changes });
  t.deepEqual(
    outgoing.map(({ of, number, revision, told: tells }) => {
      const data = tells?.data as { state: string; lastValidDay: string | null; unit: number };
      return [of, number, revision, data.unit, data.state, data.lastValidDay];
    }),
    [
      [0, 1, 0, 0, 'suspended', '2028-01-15'],
      [1, 1, 1, 0, 'active', '2029-01-15'],
      [2, 2, 9, 1, 'active', null],
      [3, 1, 1, 0, 'suspended', '2029-01-15'],
      [4, 1, 2, 0, 'active', '2030-01-15'],
    ],
  );
  t.like(outgoing[0]?.told, { at: 5, data: { cause: 'overdue' } });
  const issued = { licenses: [newLicenseOf()], changes: [changeOf({ number: -1, state: 'suspended' })] };
  const [, own] = announced([], issued);
  t.like(own, { number: -1, of: 0, told: { data: { lastValidDay: '2028-01-15', state: 'suspended' } } });
});

test('a flag is told with its kind, reason and order, also where it is about no order', (t) => {
  const { id: _id, settledAt: _at, settledBy: _by, ...flag } = flagOf();
  const raised = [flag, { ...flag, key: 'unknown', order: null, product: null }];
  const [first, second] = announced([], { raised });
  t.deepEqual(first, {
    channel: 'webhook',
    target: 'crm',
    topic: 'order.flagged',
    order: 'ACME-1',
    product: 'app',
    license: null,
    number: null,
    revision: 0,
    text: null,
    of: 'newest',
    key: `flag:${flag.key}`,
    told: {
      at: flag.at,
      data: {
        kind: 'partial-refund',
        reason: flag.reason,
        product: 'app',
        marketplace: MARKET.marketplace,
        order: 'ACME-1',
      },
    },
  });
  t.like(second, { order: '', product: null, key: 'flag:unknown', told: { data: { order: null } } });
  t.deepEqual(announced([], { raised }, MAILS_ONLY), []);
  t.deepEqual(announced([], {}), []);
});

test('an event that failed is told with its fault', (t) => {
  const event = { id: 'e1', type: 'order.completed', ...MARKET };
  const rules = { announce: WEBHOOKS_ONLY, minter: PLAIN_MINTER };
  const [first, ...others] = failedEventWebhooks(event, 'a fault', rules, NOW);
  t.deepEqual(others, []);
  t.like(first, { channel: 'webhook', target: 'crm', topic: 'event.failed', key: 'event:e1', order: '' });
  t.deepEqual(first?.told, {
    at: NOW,
    data: { event: 'e1', type: 'order.completed', fault: 'a fault', marketplace: MARKET.marketplace },
  });
  t.deepEqual(failedEventWebhooks(event, 'a fault', { minter: PLAIN_MINTER }, NOW), []);
});

test('a mail names the first license of its order and product, the text and the language of the facts', (t) => {
  const asked: unknown[] = [];
  const announce = {
    ...MAILS_ONLY,
    mail: (...given: unknown[]) => {
      asked.push(given);
      return { text: 'the digest' };
    },
  };
  const reads = told('2027-01-01', 'order:A', { kind: 'noted', note: 'reads de', language: 'de' });
  const licenses = [newLicenseOf(), newLicenseOf({ unit: 1 }), newLicenseOf({ unit: 1, order: 'B' })];
  const outgoing = announced([], { licenses, facts: [reads] }, announce);
  t.deepEqual(asked[0], ['sold', { product: 'pro', ...MARKET, language: 'de' }]);
  t.deepEqual(
    outgoing.map(({ order, number }) => [order, number]),
    [
      ['A', -1],
      ['B', -3],
    ],
  );
  t.deepEqual(outgoing[0], {
    channel: 'mail',
    target: 'customer',
    topic: 'sold',
    order: 'A',
    product: 'pro',
    license: licenses[0]!.minted.id,
    number: -1,
    revision: 0,
    text: 'the digest',
    of: 'newest',
    told: null,
    key: '',
  });
});

test('while the customer is awaited nobody is mailed; once they are known, the sale is', (t) => {
  const rules = { announce: MAILS_ONLY, minter: PLAIN_MINTER };
  const told_ = (changes: Changes, addressing?: 'awaited' | 'completed', licenses: LedgerLicense[] = []) =>
    withAnnouncements(foundOf(licenses), { changes, result: 7 }, rules, NOW, addressing).changes.outgoing.map(
      ({ topic, key }) => `${topic} ${key}`,
    );
  const issued = changesOf({ licenses: [newLicenseOf()] });
  t.deepEqual(told_(issued), ['sold ']);
  t.deepEqual(told_(issued, 'awaited'), []);
  t.deepEqual(told_(issued, 'completed'), ['sold ']);
  t.deepEqual(told_(changesOf({ licenses: [newLicenseOf({ customer: 1 })] }), 'awaited'), ['sold ']);
  const named = changesOf({ touches: [{ number: 1, customer: 1 }] });
  t.deepEqual(told_(named, 'completed', [recordOf()]), ['sold addressed']);
  t.deepEqual(told_(named, undefined, [recordOf()]), []);
  const lifted = changesOf({ changes: [changeOf({ before: 'suspended' })] });
  const [mail] = withAnnouncements(
    foundOf([recordOf({ state: 'suspended' })]),
    { changes: lifted, result: 7 },
    rules,
    NOW,
  ).changes.outgoing;
  t.like(mail, { topic: 'sold', unlessWaiting: true });
});

test('a corrected address gets the codes of its order and customer that unlock something, each order and product once', (t) => {
  const rules = { announce: MAILS_ONLY, minter: PLAIN_MINTER };
  const mails = (...licenses: readonly LedgerLicense[]) =>
    correctedMails(foundOf(licenses), 'A', rules, NOW).map(
      ({ topic, order, product, number, key }) => `${topic} ${order} ${product} ${number} ${key}`,
    );
  const own = recordOf({ customer: 5 });
  t.deepEqual(mails(own, { ...own, number: 2, unit: 1 }), [`corrected A pro 1 at:${NOW}`]);
  t.deepEqual(mails(own, { ...own, number: 2, product: 'app' }), [
    `corrected A pro 1 at:${NOW}`,
    `corrected A app 2 at:${NOW}`,
  ]);
  const further = recordOf({ number: 2, order: 'subscription:S', customer: 5 });
  t.deepEqual(mails(own, further), [
    `corrected A pro 1 at:${NOW}`,
    `corrected subscription:S pro 2 at:${NOW}`,
  ]);
  t.is(mails(own, { ...further, customer: 6 }).length, 1, 'of another customer');
  t.is(mails(recordOf(), recordOf({ number: 2, order: 'B' })).length, 1, 'nobody is no customer');
  const ended = { ...own, number: 2, product: 'app', state: 'ended' } as const;
  t.deepEqual(mails(own, ended), [`corrected A pro 1 at:${NOW}`]);
  t.deepEqual(mails({ ...own, state: 'revoked' }, ended), [`corrected A app 2 at:${NOW}`]);
  t.deepEqual(mails({ ...own, state: 'suspended' }), []);
  t.deepEqual(correctedMails(foundOf([own]), 'A', { minter: PLAIN_MINTER }, NOW), []);
  const silent = { announce: WEBHOOKS_ONLY, minter: PLAIN_MINTER };
  t.deepEqual(correctedMails(foundOf([own]), 'A', silent, NOW), []);
});

test('a mail to the customer with codes is a delivery, and no other announcement is', (t) => {
  const mail = { channel: 'mail', target: 'customer' } as const;
  t.deepEqual(
    MAIL_TOPICS.filter((topic) => !deliversCodes({ ...mail, topic })),
    ['reminder', 'withdrawn'],
  );
  t.false(deliversCodes({ ...mail, target: 'seller', topic: 'sold' }));
  t.false(deliversCodes({ ...mail, channel: 'inquiry', topic: 'sold' }));
});

test('a waiting mail has the codes of a later one, unless it was asked for, has none, or is of another reissue', (t) => {
  const [one, other] = [new Uint8Array(16), new Uint8Array(16).fill(1)];
  const has = (waiting: string, topic = 'renewed', license: Uint8Array | null = one) =>
    willHaveCodesOf({ topic: waiting, license: one }, { topic, license });
  t.true(has('sold'));
  t.true(has('renewed', 'sold', other));
  t.false(has('asked'));
  t.false(has('reminder'));
  t.true(has('reissued', 'reissued'));
  t.false(has('reissued', 'reissued', other));
  t.false(has('reissued', 'reissued', null));
  t.false(has('reissued', 'renewed'));
  t.false(willHaveCodesOf({ topic: 'reissued', license: null }, { topic: 'reissued', license: null }));
});

test('a webhook is JSON with its type, time and mode; the data of a license have their sequence', (t) => {
  const body = (data: object) =>
    Buffer.from(webhookBody('ping', 'live', { at: 1000, data: data as never }, 4)).toString();
  const head = '{"type":"ping","timestamp":"1970-01-01T00:00:01.000Z","mode":"live","data":';
  t.is(body({ endpoint: 'crm' }), `${head}{"endpoint":"crm"}}`);
  t.is(body({ license: 'l', revision: 2 }), `${head}{"license":"l","sequence":4,"revision":2}}`);
});
