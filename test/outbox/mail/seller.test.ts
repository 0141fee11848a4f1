/** The seller is told what needs somebody: the first of its kind at once, then once a day, without a name or a code. */
import test from 'ava';
import request from 'supertest';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { dayOf } from '../../../src/domain/values/day.ts';
import { findCodes } from '../../../src/license-code/find-codes.ts';
import type { Tried } from '../../../src/outbox/channel.ts';
import { composeSellerMail, sellerText } from '../../../src/outbox/mail/seller-mail.ts';
import { kindsOfNeeds, readNeeds, readOpenMatters } from '../../../src/outbox/mail/seller-needs.ts';
import { announceNeeds } from '../../../src/outbox/mail/seller-news.ts';
import { cliOf } from '../../kit/cli.ts';
import { factOf, issueOf } from '../../kit/ledger-data.ts';
import { openLedger, openWithMessage } from '../../kit/ledger-file.ts';
import { type Mailbox, openMailbox } from '../../kit/mailbox.ts';
import { SOLD_AT } from '../../kit/memory-ledger.ts';
import { channelOf, FAILED, ping, SENT, workerOn } from '../../kit/outbox.ts';
import { rsaKey } from '../../kit/rsa-keys.ts';
import { FORM, NOW, pathOf, signed } from '../../kit/sale.ts';
import { makeHome, startHome } from '../../kit/service.ts';

const DAY = 86_400_000;

async function mailsOf(mailbox: Mailbox, count: number, patience = 25_000): Promise<readonly string[]> {
  for (const end = Date.now() + patience; Date.now() < end && mailbox.mails.length < count; )
    await new Promise((resolve) => setTimeout(resolve, 50));
  return mailbox.mails.map(({ email }) => email.subject ?? '');
}

test('nothing to do, no mail; the first refused address at once; a digest a day while it is open', async (t) => {
  t.timeout(120_000);
  const mailbox = await openMailbox(t, {
    onRcptTo: ({ address }, _, done) =>
      address === 'grace@example.com'
        ? done(Object.assign(new Error('5.1.1 no such user grace@example.com'), { responseCode: 550 }))
        : done(),
  });
  const home = makeHome(t, {
    products: {
      app: `---\nname: App\nterm: P1Y\nmarketplaces: { paddle-classic: {} }\nmail: { sold: on }\n---\n{% for code in codes %}\n\n{{ code }}\n\n{% endfor %}\n`,
    },
    env: {
      SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
      MAIL_FROM: 'licenses@example.com',
      SELLER_EMAIL: 'seller@example.com',
      PUBLIC_URL: 'https://licenses.example.com',
    },
  });
  const { url, tellSeller } = await startHome(t, home, { outbox: { poll: 50 } });
  const cli = cliOf(home);
  await tellSeller();
  t.deepEqual(
    (await cli(['outbox', 'list', '--json'])).out.includes('digest'),
    false,
    'nothing needs somebody',
  );

  const form = signed({ p_order_id: '1' }, rsaKey('live'));
  await request(url)
    .post(pathOf('app'))
    .set('Content-Type', FORM)
    .serialize((body) => body)
    .send(form);
  const flagged = async () =>
    (await cli(['flags', 'list'])).out.includes('mail-refused') &&
    (await cli(['outbox', 'list', '--json'])).out.includes('"given-up"');
  for (const end = Date.now() + 25_000; Date.now() < end && !(await flagged()); )
    await new Promise((resolve) => setTimeout(resolve, 100));
  t.true(await flagged(), 'a refused address is flagged with its order');
  home.clock.now = NOW + 60_000;
  await tellSeller();
  t.deepEqual(await mailsOf(mailbox, 1), ['Mintmark: something new needs you']);
  await tellSeller();
  home.clock.now += 3_600_000;
  await tellSeller();
  t.is((await mailsOf(mailbox, 2, 1_000)).length, 1, 'one mail names both things, and nothing is new');
  home.clock.now += 86_400_000;
  await tellSeller();
  t.is((await mailsOf(mailbox, 2)).at(-1), 'Mintmark: 2 things need you', 'the next day');
  for (const { to, email } of mailbox.mails) {
    t.deepEqual(to, ['seller@example.com']);
    t.regex(email.text ?? '', /1 mail-refused/);
    t.regex(email.text ?? '', /https:\/\/licenses\.example\.com/);
    t.notRegex(`${email.text}${email.html}`, /grace|Hopper/i);
    t.deepEqual(findCodes(email.text ?? ''), []);
  }
});

test('the seller is told of an endpoint that was stopped, and of what has failed for an hour, not of a pause', async (t) => {
  const HOUR = 3_600_000;
  const { ledger } = openLedger(t);
  const kindsAt = async (now: number) => kindsOfNeeds(await readOpenMatters(ledger, now));
  const answers: Tried[] = [FAILED, FAILED, FAILED, FAILED, FAILED];
  const { worker, clock } = workerOn(
    ledger,
    channelOf((target) =>
      target === 'gone' ? { outcome: 'target failed', answer: '410', stop: true } : (answers.pop() ?? SENT),
    ),
  );
  await ledger.outbox.announce(
    [...'abcde'].map((key) => ping(key)),
    SOLD_AT,
  );
  await worker.runOnce();
  t.deepEqual(await kindsAt(SOLD_AT), []);
  t.deepEqual(await kindsAt(SOLD_AT + HOUR), ['broken']);
  await ledger.outbox.pause('webhook', 'crm', SOLD_AT, 'ada: moving');
  t.deepEqual(await kindsAt(SOLD_AT + HOUR), [], 'by decision');
  await ledger.outbox.announce([ping('a', 'gone')], SOLD_AT);
  await worker.runOnce();
  t.deepEqual(await kindsAt(clock.now), ['broken']);
  t.regex(sellerText(await readNeeds(ledger, clock.now), true, undefined), /do not work: 1\./);
});

test('the digest counts the live orders that end within 30 days, and they alone are no reason for one', async (t) => {
  const { ledger } = await openWithMessage(t);
  const now = SOLD_AT + 1000;
  const until = { kind: 'set-until', until: dayOf(now + 29 * DAY) } as const;
  for (const [order, mode, ends] of [
    ['A', 'live', until.until],
    ['B', 'live', dayOf(now + 30 * DAY)],
    ['C', 'test', until.until],
  ] as const) {
    await ledger.issue(issueOf({ order, mode }));
    const [license] = await ledger.find({ by: 'order', order });
    await ledger.addFacts([
      factOf(licenseSubject(license!.id), { ...until, until: ends }, { marketplace: 'paddle-classic', mode }),
    ]);
    await ledger.addFacts([
      factOf(
        licenseSubject(license!.id),
        { kind: 'handed', revision: 1 },
        { marketplace: 'paddle-classic', mode },
      ),
    ]);
  }
  const needs = await readNeeds(ledger, now);
  t.is(needs.expiring, 1);
  t.deepEqual(kindsOfNeeds(needs), [], 'nobody has to do anything');
  t.is(await announceNeeds(ledger, now), 0);
  const all = {
    ...needs,
    flags: { 'mail-refused': 2 },
    undelivered: 3,
    unmailed: 4,
    givenUp: 5,
    held: 6,
    broken: 7,
  };
  const text = sellerText(all, false, 'https://licenses.example.com');
  for (const line of [
    /2 mail-refused/,
    /not delivered: 3/,
    /reached nobody: 4/,
    /given up: 5/,
    /your decision: 6/,
    /do not work: 7/,
    /within 30 days: 1\./,
  ])
    t.regex(text, line);
});

test('after a relay that failed for days the seller gets one digest, not one for each day', async (t) => {
  const { ledger } = openLedger(t);
  const opened = Date.UTC(2026, 10, 20, 9);
  const lease = opened + 60_000;
  await ledger.outbox.announce([ping('a')], opened);
  const [refused] = await ledger.outbox.claim({ channels: ['webhook'], now: opened, lease, most: 1 });
  const head = { number: refused!.number, lease, at: opened, counts: true, target: 'works' } as const;
  await ledger.outbox.note({ ...head, outcome: 'refused', answer: '400' });
  for (const day of [0, 1, 2]) await announceNeeds(ledger, opened + day * DAY);
  const now = opened + 2 * DAY + 3_600_000;
  const sources = { ledger, seller: { address: 'me@example.com', url: undefined }, now: () => now };
  const waiting = await ledger.outbox.list({ state: 'waiting', channel: 'mail', limit: 10 });
  const outcomes = await Promise.all(
    waiting.toReversed().map(async (announcement) => {
      const composed = await composeSellerMail(announcement, sources);
      return `${announcement.topic}: ${composed.outcome === 'dropped' ? composed.reason : composed.outcome}`;
    }),
  );
  t.deepEqual(outcomes, [
    'alert: a newer mail says it',
    'digest: another mail of the same moment says it',
    'digest: a newer mail says it',
    'digest: composed',
  ]);
});
