/** Mails of announcements: through a real SMTP server and a real parser, the codes are the ledger's, whatever a buyer sends. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { keptTermsOf } from '../../../src/catalog/kept-terms.ts';
import { correctCustomer, eraseCustomer } from '../../../src/domain/desk/customers.ts';
import { decideLicense, reissueLicense } from '../../../src/domain/desk/license.ts';
import type { Desk } from '../../../src/domain/desk/operator.ts';
import { issueSale } from '../../../src/domain/desk/sale.ts';
import type { Fact, FactBody, Subject } from '../../../src/domain/facts/fact.ts';
import type { LicenseStory } from '../../../src/domain/ledger.ts';
import { type Announcement, MAIL_TOPICS, type MailTopic } from '../../../src/domain/values/announcement.ts';
import type { Customer, Mode } from '../../../src/domain/values/order.ts';
import { makeMissing } from '../../../src/keyring/bootstrap.ts';
import { findCodes } from '../../../src/license-code/find-codes.ts';
import type { Tried } from '../../../src/outbox/channel.ts';
import { createMailChannel } from '../../../src/outbox/mail/mail-channel.ts';
import { Relay } from '../../../src/outbox/mail/relay.ts';
import { readConfig } from '../../../src/service/config.ts';
import { type Opened, openParts } from '../../../src/service/open.ts';
import { textOf } from '../../kit/mail.ts';
import { type Mailbox, openMailbox } from '../../kit/mailbox.ts';
import { NOW } from '../../kit/sale.ts';
import { type Home, makeHome } from '../../kit/service.ts';

const TEXT = `---
name: Lumen
term: P1Y
mail: { withdrawn: on, renew_url: "https://example.com/renew", subject: "{{ mail.reason }}: {{ product.name }} for {{ customer.name }} ({{ order.id }})" }
---
Hello {{ customer.name }} at {{ customer.email }}, order {{ order.id }}: {{ mail.reason }}
{% if mail.reason == "withdrawn" %}
It was withdrawn.
{% else %}
{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
{% if license.last_valid_day %}Until {{ license.last_valid_day | date }}.{% endif %} {{ mail.renew_url }}
{% endif %}
`;
const GRUESSE = `Hallo, gültig bis {{ license.last_valid_day | date }}:

{% if mail.reason == "withdrawn" %}Vorbei.{% else %}{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}{% endif %}
`;

interface Shop {
  readonly home: Home;
  readonly parts: Opened;
  readonly desk: Desk;
  readonly mailbox: Mailbox;
  sell(order: string, customer?: Customer, quantity?: number, mode?: Mode): Promise<readonly LicenseStory[]>;
  send(topic: MailTopic, license: LicenseStory, more?: Partial<Announcement>): Promise<string>;
  /** What became of the last one. */
  readonly tried: Tried | undefined;
}

const ADA: Customer = { name: 'Ada Byron', email: 'ada@example.com' };

async function openShop(
  t: ExecutionContext,
  home = makeHome(t, { products: { lumen: TEXT, 'lumen.de': GRUESSE } }),
): Promise<Shop> {
  const keys = { today: '2026-11-21', passphrase: undefined, simulator: false, ledgerExists: false };
  await makeMissing(home.config.keysDir, keys);
  const parts = await openParts(home.config, { modesNeeded: [], now: () => home.clock.now });
  t.teardown(() => parts.ledger.close());
  const { ledger, catalog, minter } = parts;
  const currentTerms = (id: string) => {
    const product = catalog.get(id);
    return product && keptTermsOf(product);
  };
  const mailbox = await openMailbox(t);
  const { mail } = readConfig(
    { SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`, MAIL_FROM: 'Lumen <licenses@example.com>' },
    () => '',
  );
  if (mail === undefined) throw new Error('mail is off');
  const relay = new Relay(mail, { patience: 2_000 });
  t.teardown(() => relay.close());
  const now = () => home.clock.now;
  const seller = { address: undefined, url: undefined };
  const channel = createMailChannel({ ...parts, relay, seller, now });
  let number = 0;
  let last: Tried | undefined;
  return {
    get tried() {
      return last;
    },
    home,
    parts,
    mailbox,
    desk: { ledger, rules: { minter, currentTerms } },
    sell: async (order, customer = ADA, quantity = 1, mode = 'live') => {
      const product = catalog.get('lumen');
      if (product === undefined) throw new Error('no product');
      await issueSale({ ledger }, { product, mode, order, quantity, customer }, home.clock.now);
      return ledger.find({ by: 'order', order });
    },
    send: async (topic, { id, marketplace, mode, order, product, revision }, more = {}) => {
      number += 1;
      const announcement: Announcement = {
        ...{
          number,
          id: `0192f0c5-0000-7000-8000-${String(number).padStart(12, '0')}`,
          channel: 'mail',
          target: 'customer',
        },
        ...{
          topic,
          marketplace,
          mode,
          order,
          product,
          license: id,
          sequence: 1,
          revision,
          customer: 1,
          body: null,
        },
        text: catalog.get(product)?.message.digest ?? null,
        ...{ at: home.clock.now, firstTriedAt: home.clock.now, tries: 0 },
        ...more,
      };
      const tried = await channel.send(announcement, new AbortController().signal);
      last = tried;
      return tried.outcome === 'dropped' ? `dropped: ${tried.reason}` : tried.outcome;
    },
  };
}

/** The codes that a person copies out of the plain part and out of the HTML part. */
function codesIn({ mailbox }: Shop, place: number): { text: readonly string[]; html: readonly string[] } {
  const { email } = mailbox.mails.at(place) ?? {};
  const blocks = [...(email?.html ?? '').matchAll(/<pre><code>([^<]*)<\/code><\/pre>/g)];
  return { text: findCodes(email?.text ?? ''), html: blocks.map(([, block = '']) => textOf(block).trim()) };
}

test('the same 160 characters from the ledger, the plain part and the HTML part, for each unit', async (t) => {
  const shop = await openShop(t);
  const licenses = await shop.sell('A-1', ADA, 3);
  const [first] = licenses;
  t.is(await shop.send('sold', first!), 'sent');
  const codes = licenses.map(({ code }) => code);
  t.deepEqual(
    codes.map(({ length }) => length),
    [160, 160, 160],
  );
  t.deepEqual(codesIn(shop, 0), { text: codes, html: codes });
  const reader = shop.home.reader('lumen');
  for (const code of codes) t.is(reader.read(code).verdict, 'valid');
  const [mail] = shop.mailbox.mails;
  t.is(mail?.email.subject, 'sold: Lumen for Ada Byron (A-1)');
  t.notRegex(mail?.email.html ?? '', /<(?:img|script|link|iframe)|src=|url\(/);
  t.notRegex(mail?.raw ?? '', /format=flowed/i);
});

test('each occasion has its words; a renewed code is in the next mail, a reissue mails its unit alone', async (t) => {
  const shop = await openShop(t);
  const [one, two] = await shop.sell('A-1', ADA, 2);
  const grounds = { actor: 'ada', reason: 'test' };
  await decideLicense(shop.desk, one!.id, { act: 'renew', until: '2028-06-01' }, grounds, NOW + 1);
  t.is(await shop.send('renewed', one!), 'sent');
  const [renewed] = await shop.parts.ledger.find({ by: 'license', id: one!.id });
  t.deepEqual(codesIn(shop, -1).text, [renewed!.code, two!.code]);
  t.not(renewed!.code, one!.code);
  const reissued = await reissueLicense(shop.desk, two!.id, grounds, NOW + 2);
  t.is(reissued.outcome, 'reissued');
  if (reissued.outcome !== 'reissued') return;
  t.is(await shop.send('reissued', reissued.license), 'sent');
  t.deepEqual(codesIn(shop, -1).text, [reissued.license.code]);
  t.is(await shop.send('corrected', one!), 'sent');
  t.deepEqual(codesIn(shop, -1).text, [renewed!.code, reissued.license.code]);
  t.deepEqual(
    shop.mailbox.mails.map(({ email }) => email.subject?.split(':')[0]),
    ['renewed', 'reissued', 'corrected'],
  );
});

test('each topic is the reason that its text says; a reminder names the page for renewing', async (t) => {
  const shop = await openShop(t);
  const [license] = await shop.sell('A-1');
  for (const topic of MAIL_TOPICS) {
    if (topic === 'withdrawn') continue;
    t.is(await shop.send(topic, license!), 'sent');
    const { text = '', html = '', subject } = shop.mailbox.mails.at(-1)?.email ?? {};
    t.is(subject, `${topic}: Lumen for Ada Byron (A-1)`);
    t.regex(text, new RegExp(`order A-1: ${topic}$`, 'm'));
    t.regex(text, /https:\/\/example\.com\/renew/);
    t.regex(html, /href="https:\/\/example\.com\/renew"/);
  }
});

test('a product file that is gone before its mail goes out: the text that was announced is sent', async (t) => {
  const shop = await openShop(t);
  const [license] = await shop.sell('A-1');
  const text = shop.parts.catalog.get('lumen')?.message.digest ?? null;
  rmSync(join(shop.home.config.productsDir, 'lumen.md'));
  rmSync(join(shop.home.config.productsDir, 'lumen.de.md'));
  shop.home.putProducts({ other: TEXT.replace('Lumen', 'Other') });
  const later = await openShop(t, shop.home);
  t.is(later.parts.catalog.get('lumen'), undefined);
  t.is(await later.send('sold', license!, { text }), 'sent');
  t.deepEqual(codesIn(later, 0).text, [license!.code]);
  t.is(later.mailbox.mails[0]?.email.subject, 'sold: Lumen for Ada Byron (A-1)');
});

test('a withdrawn license is told without a code; revoked, suspended and renewed ones are not mailed as something else', async (t) => {
  const shop = await openShop(t);
  const [license] = await shop.sell('A-1');
  const grounds = { actor: 'ada', reason: 'test' };
  t.is(await shop.send('withdrawn', license!), 'dropped: the license is active again');
  await decideLicense(shop.desk, license!.id, { act: 'renew', until: '2028-06-01' }, grounds, NOW + 1);
  t.is(await shop.send('reminder', license!), 'dropped: the license was renewed meanwhile');
  await decideLicense(shop.desk, license!.id, { act: 'suspend' }, grounds, NOW + 2);
  t.is(await shop.send('sold', license!), 'dropped: no license of it is active any more');
  await decideLicense(shop.desk, license!.id, { act: 'revoke' }, grounds, NOW + 3);
  t.is(await shop.send('asked', license!), 'dropped: no license of it is active any more');
  t.is(await shop.send('asked', license!), 'dropped: no license of it is active any more');
  t.deepEqual(shop.mailbox.mails, []);
  t.is(await shop.send('withdrawn', license!), 'sent');
  t.deepEqual(codesIn(shop, 0), { text: [], html: [] });
  t.regex(shop.mailbox.mails[0]?.email.text ?? '', /It was withdrawn/);
});

test('a sent mail says which codes it delivered: those in it', async (t) => {
  const shop = await openShop(t);
  const [one, two, three] = await shop.sell('A-1', ADA, 3);
  const grounds = { actor: 'ada', reason: 'test' };
  await decideLicense(shop.desk, three!.id, { act: 'suspend' }, grounds, NOW + 1);
  const handed = async (topic: MailTopic, license: LicenseStory) => {
    await shop.send(topic, license);
    const { tried } = shop;
    return tried?.outcome === 'sent'
      ? tried.handed?.map(({ license: id, revision }) => `${Buffer.from(id).toString('hex')} ${revision}`)
      : undefined;
  };
  const name = ({ id, revision }: LicenseStory) => `${Buffer.from(id).toString('hex')} ${revision}`;
  t.deepEqual(await handed('sold', one!), [name(one!), name(two!)], 'the suspended one is not in it');
  t.deepEqual(await handed('reissued', two!), [name(two!)]);
  t.deepEqual(await handed('reminder', one!), [], 'a reminder delivers nothing');
});

test('a unit that its subscription has left is not mailed with the others, nor by itself, unless it is asked for or good for ever', async (t) => {
  const keep = TEXT.replace('term: P1Y', 'term: P1Y\nended: fallback');
  const home = makeHome(t, { products: { lumen: TEXT, keep } });
  const shop = await openShop(t, home);
  const { ledger, catalog } = shop.parts;
  const leave = async (product: string, order: string) => {
    const of = catalog.get(product);
    if (of === undefined) throw new Error('no product');
    const at = home.clock.now;
    await issueSale({ ledger }, { product: of, mode: 'live', order, quantity: 2, customer: ADA }, at);
    const subject = `subscription:${order}` as const;
    const fact = (about: Subject, body: FactBody, later: number): Fact => {
      const key = `${body.kind}:${about}:${later}`;
      return {
        marketplace: 'manual',
        mode: 'live',
        subject: about,
        key,
        at: at + later,
        cause: 'a test',
        body,
      };
    };
    const resized = { kind: 'resized', product, line: '' } as const;
    await ledger.addFacts([
      fact(`order:${order}`, { kind: 'linked', subscription: order }, 1),
      fact(subject, { ...resized, quantity: 2 }, 2),
      fact(subject, { kind: 'paid', until: '2027-12-01', sequence: null, charge: `order:${order}` }, 3),
      fact(subject, { ...resized, quantity: 1 }, 4),
    ]);
    const stories = await ledger.find({ by: 'order', order });
    t.deepEqual(
      stories.map(({ state }) => state),
      ['active', 'ended'],
    );
    return stories;
  };
  const [one, left] = await leave('lumen', 'S-1');
  t.is(await shop.send('renewed', one!), 'sent');
  t.deepEqual(codesIn(shop, 0).text, [one!.code]);
  t.is(await shop.send('asked', left!), 'sent');
  t.deepEqual(codesIn(shop, 1).text, [one!.code]);
  await decideLicense(shop.desk, one!.id, { act: 'revoke' }, { actor: 'ada', reason: 'x' }, NOW + 9);
  t.is(await shop.send('successor', left!), 'dropped: no license of it is active any more');
  t.is(await shop.send('asked', left!), 'sent');
  t.deepEqual(codesIn(shop, 2).text, [left!.code], 'nothing else is left');
  const [two, good] = await leave('keep', 'S-2');
  t.is(await shop.send('successor', good!), 'sent');
  t.deepEqual(codesIn(shop, 3).text, [two!.code, good!.code], 'it is good for the versions of its time');
});

test('nothing is sent to an erased customer, to nobody, or for a license that is not known', async (t) => {
  const shop = await openShop(t);
  const [license] = await shop.sell('A-1');
  const [nameless] = await shop.sell('A-2', { name: undefined, email: undefined });
  await eraseCustomer(shop.desk, license!);
  t.regex(await shop.send('sold', license!), /^dropped: no address/);
  t.regex(await shop.send('sold', nameless!), /^dropped: no address/);
  t.regex(await shop.send('sold', license!, { license: new Uint8Array(16) }), /^dropped/);
  t.regex(await shop.send('sold', license!, { mode: 'test' }), /^dropped/, 'another mode');
  t.deepEqual(shop.mailbox.mails, []);
});

test('the version of the text that was announced counts, in its language; test orders say so', async (t) => {
  const shop = await openShop(t);
  const [license] = await shop.sell('A-1', ADA, 1, 'live');
  const german = shop.parts.catalog.get('lumen')?.translations['de']?.digest ?? null;
  t.is(await shop.send('sold', license!, { text: german }), 'sent');
  const [mail] = shop.mailbox.mails;
  t.regex(mail?.email.text ?? '', /gültig bis 20\.\u00a0November 2027/);
  t.is(mail?.email.subject, 'Ihre Lizenz für Lumen');
  t.regex(mail?.email.html ?? '', /<html lang="de">/);
  const [ofTest] = await shop.sell('A-2', ADA, 1, 'test');
  t.is(await shop.send('asked', ofTest!, { text: german }), 'sent');
  t.is(shop.mailbox.mails[1]?.email.subject, '[Test] Ihre Lizenz für Lumen');
});

const HOSTILE = [
  'Eve\r\nBcc: victim@example.org',
  'Eve\nSubject: free\n\n<script>alert(1)</script>',
  'Eve\u2028Bcc: victim@example.org',
  '"Eve" <victim@example.org>, other@example.org',
  '=?utf-8?q?Eve=0D=0ABcc:_victim@example.org?=',
  '\u202eeve\u0000',
  '{{ codes }} {% raw %}',
  '<img src=x onerror=alert(1)>',
];

test('no field of a buyer adds a header, a recipient or markup: name, order number', async (t) => {
  const shop = await openShop(t);
  for (const [place, hostile] of HOSTILE.entries()) {
    const [license] = await shop.sell(`${place}${hostile}`, { name: hostile, email: 'eve@example.com' });
    t.is(await shop.send('sold', license!), 'sent', hostile);
    const mail = shop.mailbox.mails.at(-1);
    t.deepEqual(mail?.to, ['eve@example.com'], hostile);
    t.deepEqual(
      mail?.email.to?.map(({ address }) => address),
      ['eve@example.com'],
      hostile,
    );
    t.notRegex(`${mail?.email.subject}${mail?.email.to?.[0]?.name}`, /[\p{Cc}\u2028\u202e]/u, hostile);
    const names = mail?.email.headers.map(({ key }) => key).sort();
    t.deepEqual(
      names,
      [
        ...['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'],
        'x-auto-response-suppress',
      ],
      hostile,
    );
    t.notRegex(mail?.email.html ?? '', /<(?:script|img)/i, hostile);
    t.deepEqual(codesIn(shop, -1), { text: [license!.code], html: [license!.code] }, hostile);
  }
});

test('the control: a name that is written into a header as it is adds a recipient', (t) => {
  const written = `To: ${HOSTILE[0]} <eve@example.com>\r\nSubject: x\r\n\r\n`;
  t.true(written.split('\r\n').some((line) => line.startsWith('Bcc:')));
});

test('what is no address is refused and flagged with the order, and no server is asked', async (t) => {
  const shop = await openShop(t);
  for (const [place, email] of [
    'eve@example.com\r\nBcc: victim@example.org',
    'eve@example.com, victim@example.org',
    'Eve <eve@example.com>',
    'eve@example.com victim@example.org',
    'eve',
    '"eve\r\n"@example.com',
    'eve@[127.0.0.1]',
  ].entries()) {
    const [license] = await shop.sell(`A-${place}`, { name: 'Eve', email });
    t.is(await shop.send('sold', license!), 'refused', email);
  }
  t.is(shop.mailbox.connections(), 0);
  const flags = await shop.parts.ledger.findFlags({ kind: 'mail-refused', limit: 20 });
  t.deepEqual(flags.map(({ order }) => order).sort(), ['A-0', 'A-1', 'A-2', 'A-3', 'A-4', 'A-5', 'A-6']);
  t.false(JSON.stringify(flags).includes('example'), 'no address in a flag');
});

test('a corrected address gets the next try', async (t) => {
  const shop = await openShop(t);
  const [license] = await shop.sell('A-1', { name: 'Ada', email: 'ada@exmaple' });
  await correctCustomer(
    shop.desk,
    license!,
    { email: 'ada@example.com' },
    { actor: 'a', reason: 'typo' },
    NOW + 1,
  );
  t.is(await shop.send('corrected', license!), 'sent');
  t.deepEqual(shop.mailbox.mails[0]?.to, ['ada@example.com']);
});
