/** `mail test`, `license resend` and the topics of `preview`. */
import test from 'ava';
import { makeMissing } from '../../src/keyring/bootstrap.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { type Cli, cliOf } from '../kit/cli.ts';
import { type Mailbox, openMailbox } from '../kit/mailbox.ts';
import { makeHome, type Owner } from '../kit/service.ts';

const TEXT = `---
name: Lumen
term: P1Y
mail: { withdrawn: on, subject: "{{ mail.reason }}: {{ product.name }}" }
---
{% if mail.reason == "withdrawn" %}It ended.{% else %}{{ mail.reason }}
{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}{% endif %}
`;
const GERMAN = TEXT.replace(
  /^---[\s\S]*?---\n/,
  '---\nsubject: "Lizenz: {{ mail.reason }}"\n---\nHallo, ',
).replace('It ended', 'Vorbei');

async function shop(owner: Owner, mailbox?: Mailbox): Promise<Cli> {
  const relay = { SMTP_URL: `smtp://127.0.0.1:${mailbox?.port}`, MAIL_FROM: 'licenses@example.com' };
  const home = makeHome(owner, {
    products: {
      lumen: TEXT,
      'lumen.de': GERMAN,
      quiet: TEXT.replace('withdrawn: on', 'reissued: off, sold: off'),
    },
    env: mailbox === undefined ? {} : relay,
  });
  const keys = { today: '2026-11-21', passphrase: undefined, simulator: false, ledgerExists: false };
  await makeMissing(home.config.keysDir, keys);
  return cliOf(home);
}

async function sell(cli: Cli, order: string, ...more: readonly string[]): Promise<string> {
  return sellOf('lumen', cli, order, ...more);
}

async function sellOf(product: string, cli: Cli, order: string, ...more: readonly string[]): Promise<string> {
  const { out, err, status } = await cli(['issue', product, '--order', order, '--json', ...more]);
  if (status !== 0) throw new Error(err);
  return JSON.parse(out).licenses[0].id;
}

const ADA = ['--name', 'Ada', '--email', 'ada@example.com'];

test('mail test prints what the relay says; status 1 where it takes nothing, and where mail is off', async (t) => {
  const mailbox = await openMailbox(t);
  const cli = await shop(t, mailbox);
  const said = await cli(['mail', 'test', 'me@example.com']);
  t.is(said.status, 0, said.err);
  t.regex(said.out, /^The relay took the mail: 250 /);
  t.deepEqual(mailbox.mails[0]?.to, ['me@example.com']);
  t.regex((await cli(['mail', 'test', 'me@example.com, you@example.com'])).err, /Write one address/);
  const refusing = await openMailbox(t, {
    onRcptTo: (_, __, done) =>
      done(Object.assign(new Error('5.1.1 me@example.com: unknown'), { responseCode: 550 })),
  });
  const refused = await (await shop(t, refusing))(['mail', 'test', 'me@example.com']);
  t.like(refused, { status: 1, out: '' });
  t.regex(refused.err, /^The relay did not take the mail \(refused\): 550 5\.1\.1 .*\(address\)/);
  const off = await (await shop(t))(['mail', 'test', 'me@example.com']);
  t.not(off.status, 0);
  t.regex(off.err, /Mail is off: set SMTP_URL and MAIL_FROM/);
});

test('license resend mails the codes again, each time, and the history says so without a name', async (t) => {
  const mailbox = await openMailbox(t);
  const cli = await shop(t, mailbox);
  const id = await sell(cli, 'A-1', ...ADA);
  await cli(['outbox', 'run', '--once']);
  t.deepEqual(
    mailbox.mails.map(({ email }) => email.subject),
    ['sold: Lumen'],
  );
  for (const reason of ['ticket 17', 'ticket 18']) {
    const said = await cli(['license', 'resend', id, '--reason', reason]);
    t.is(said.status, 0, said.err);
    t.regex(said.out, /^The codes of order A-1 are on their way/);
    const ran = await cli(['outbox', 'run', '--once']);
    t.regex(ran.out, /1 sent/, ran.err);
  }
  t.deepEqual(mailbox.mails.map(({ email }) => email.subject).slice(1), ['asked: Lumen', 'asked: Lumen']);
  t.is(new Set(mailbox.mails.map(({ email }) => findCodes(email.text ?? '')[0])).size, 1);
  const shown = await cli(['license', 'show', id]);
  t.regex(shown.out, /resend by operator: ticket 17/);
  const rows = await cli(['outbox', 'list', '--json']);
  t.notRegex(rows.out, /ada@example|[0-9A-HJKMNP-TV-Z]{100}/i, 'no address and no code in the outbox');
});

test('license resend sends nothing for a license without a code to send, a customer without an address, or mail off', async (t) => {
  const mailbox = await openMailbox(t);
  const cli = await shop(t, mailbox);
  const revoked = await sell(cli, 'A-1', ...ADA);
  await cli(['license', 'revoke', revoked, '--reason', 'x']);
  t.regex((await cli(['license', 'resend', revoked])).err, /^Nothing was sent: the license is revoked/);
  const nameless = await sell(cli, 'A-2');
  t.regex((await cli(['license', 'resend', nameless])).err, /^Nothing was sent: the ledger has no address/);
  const old = await sell(cli, 'A-3', ...ADA);
  await cli(['license', 'reissue', old, '--reason', 'x']);
  t.regex((await cli(['license', 'resend', old])).err, /was reissued/);
  const unknown = await cli(['license', 'resend', 'a8e1c47a-20d8-7cd5-eee0-fee0af9e3bda']);
  t.regex(unknown.err, /no such license/);
  const off = await shop(t);
  t.regex((await off(['license', 'resend', await sell(off, 'A-1', ...ADA)])).err, /Mail is off/);
});

test('issue says that the text is mailed only where settings, product file and address mail it', async (t) => {
  const cli = await shop(t, await openMailbox(t));
  const saidOf = async (product: string, ...words: readonly string[]) =>
    (await cli(['issue', product, '--mode', 'live', ...words])).err;
  const byHand = 'Issued (mode live). Send this to the customer:\n\n';
  t.is(
    await saidOf('lumen', '--order', 'B-1', ...ADA),
    'Issued (mode live). See in  outbox list  that it is mailed:\n\n',
  );
  t.is(await saidOf('lumen', '--order', 'B-2'), byHand);
  t.is(await saidOf('quiet', '--order', 'B-3', ...ADA), byHand);
});

test('customer correct says what becomes of the codes where the address was corrected', async (t) => {
  for (const [cli, said] of [
    [
      await shop(t, await openMailbox(t)),
      'See in  outbox list  whether the codes are mailed to the new address.',
    ],
    [await shop(t), 'Send the codes to the new address:  npm run -s mintmark -- order show A-1'],
  ] as const) {
    await sell(cli, 'A-1', ...ADA);
    const correct = ['customer', 'correct', 'A-1', '--reason', 'x'];
    const { out } = await cli([...correct, '--email', 'new@example.com']);
    t.is(out, `Corrected for 1 license. ${said}\n`);
    t.is((await cli([...correct, '--name', 'Eda'])).out, 'Corrected for 1 license.\n');
  }
});

test('license reissue says that the replacement is mailed only where settings, product file and address mail it', async (t) => {
  const cli = await shop(t, await openMailbox(t));
  const saidOf = async (id: string) =>
    (await cli(['license', 'reissue', id, '--reason', 'x'])).err.replace(id, 'ID');
  const byHand = 'ID is revoked. Send the customer its replacement:\n\n';
  t.is(
    await saidOf(await sell(cli, 'A-1', ...ADA)),
    'ID is revoked. See in  outbox list  that its replacement is mailed:\n\n',
  );
  t.is(await saidOf(await sell(cli, 'A-2')), byHand);
  t.is(await saidOf(await sellOf('quiet', cli, 'A-3', ...ADA)), byHand);
  const { announcements } = JSON.parse((await cli(['outbox', 'list', '--json'])).out);
  const reissued = announcements.filter(({ topic }: { topic: string }) => topic === 'reissued');
  const orders = reissued.map(({ order }: { order: string }) => order);
  t.true(orders.includes('A-1'));
  t.false(orders.includes('A-3'));
});

test('preview shows each occasion and language, one by one or all in one page', async (t) => {
  const cli = await shop(t);
  const said = async (...words: readonly string[]) =>
    (await cli(['preview', 'lumen', '--text', ...words])).out;
  t.regex(await said(), /^sold\n/);
  t.regex(await said('--topic', 'renewed', '--language', 'de'), /^Hallo, renewed\n/);
  t.is(await said('--topic', 'withdrawn'), 'It ended.\n');
  const json = JSON.parse((await cli(['preview', 'lumen', '--json', '--text', '--language', 'de'])).out);
  t.like(json, { product: 'lumen', subject: 'Lizenz: sold' });
  t.regex(
    (await cli(['preview', 'lumen', '--language', 'fr'])).err,
    /There is no lumen\.fr\.md beside lumen\.md/,
  );
});
