/** What a relay's answers mean: a real server that takes mails, refuses them in each way, is late, or talks garbage. */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import type { SMTPServerOptions } from 'smtp-server';
import { askedWait } from '../../../src/outbox/mail/asked-wait.ts';
import type { Mail } from '../../../src/outbox/mail/mail.ts';
import { Relay, type RelayOptions } from '../../../src/outbox/mail/relay.ts';
import type { MailSettings } from '../../../src/outbox/mail/settings.ts';
import { readConfig } from '../../../src/service/config.ts';
import { makeCertificate, openMailbox } from '../../kit/mailbox.ts';

const MAIL: Mail = {
  to: { name: 'Zoë', address: 'zoe@example.com' },
  subject: 'Grüße',
  text: `${'A'.repeat(160)}\n`,
  html: `<pre>${'A'.repeat(160)}</pre>`,
  id: '0192f0c5-0000-7000-8000-000000000001',
  date: Date.UTC(2026, 10, 20, 9),
};

function settings(url: string): MailSettings {
  const { mail } = readConfig(
    {
      SMTP_URL: url,
      MAIL_FROM: 'Lumen <licenses@example.com>',
      MAIL_REPLY_TO: 'help@example.com',
      PUBLIC_URL: 'https://licenses.example.com',
    },
    () => '',
  );
  if (mail === undefined) throw new Error('mail is off');
  return mail;
}

function relayTo(t: ExecutionContext, url: string, options: RelayOptions = {}): Relay {
  const relay = new Relay(settings(url), { patience: 20_000, ...options });
  t.teardown(() => relay.close());
  return relay;
}

const failing = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

/** A server of few words: what it answers to a command; '' ends the connection. */
async function openTalk(t: ExecutionContext, says: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const server = createServer((socket) => {
    let isData = false;
    socket.on('error', () => {});
    socket.write('220 here\r\n');
    createInterface(socket).on('line', (line) => {
      lines.push(line);
      const [word = ''] = line.split(' ');
      if (isData && word !== '.') return;
      isData = word === 'DATA';
      const answer = says[word] ?? (isData ? '354 go on' : '250 ok');
      if (answer === '') socket.destroy();
      else socket.write(`${answer}\r\n`);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `smtp://127.0.0.1:${address.port}`, lines };
}

async function answerOf(t: ExecutionContext, options: SMTPServerOptions, login = '') {
  const { port } = await openMailbox(t, options);
  return relayTo(t, `smtp://${login}127.0.0.1:${port}`).send(MAIL);
}

test('a mail arrives with one recipient, the seller as sender, and the headers of an automatic mail', async (t) => {
  const { port, mails } = await openMailbox(t);
  const relay = relayTo(t, `smtp://127.0.0.1:${port}`);
  t.like(await relay.send(MAIL), { outcome: 'sent' });
  const [mail] = mails;
  t.like(mail, { from: 'licenses@example.com', to: ['zoe@example.com'] });
  t.like(mail?.email, {
    subject: 'Grüße',
    messageId: '<0192f0c5-0000-7000-8000-000000000001@licenses.example.com>',
    date: '2026-11-20T09:00:00.000Z',
    from: { name: 'Lumen', address: 'licenses@example.com' },
    to: [{ name: 'Zoë', address: 'zoe@example.com' }],
    replyTo: [{ name: '', address: 'help@example.com' }],
  });
  t.is(mail?.email.text?.trimEnd(), MAIL.text.trimEnd());
  const headers = new Map(mail?.email.headers.map(({ key, value }) => [key, value]));
  t.is(headers.get('auto-submitted'), 'auto-generated');
  t.is(headers.get('x-auto-response-suppress'), 'All');
  for (const absent of ['cc', 'bcc', 'list-unsubscribe', 'x-mailer']) t.false(headers.has(absent), absent);
});

test('a second try is the same mail, byte for byte but for the borders of its parts', async (t) => {
  const { port, mails } = await openMailbox(t);
  const relay = relayTo(t, `smtp://127.0.0.1:${port}`);
  await relay.send(MAIL);
  await relay.send(MAIL);
  const [one, two] = mails.map(({ raw }) => raw.replaceAll(/--_NmP-[\w-]+/g, 'BORDER'));
  t.is(one, two);
  t.is(mails.length, 2);
});

test('smtps and STARTTLS are encrypted; a certificate that nobody vouches for is not taken', async (t) => {
  const { key, cert } = makeCertificate(t);
  const direct = await openMailbox(t, { secure: true, key, cert });
  const upgraded = await openMailbox(t, { key, cert, disabledCommands: [] });
  const direction = { direct: `smtps://localhost:${direct.port}`, upgraded: upgraded.port };
  t.like(await relayTo(t, direction.direct, { ca: cert }).send(MAIL), { outcome: 'sent' });
  t.true(direct.mails[0]?.isEncrypted);
  // As it would be at another host: a loopback address alone may go without.
  const { relay, ...rest } = settings(`smtp://localhost:${direction.upgraded}`);
  const strict = new Relay(
    { ...rest, relay: { ...relay, requireTls: true } },
    { ca: cert, patience: 20_000 },
  );
  t.teardown(() => strict.close());
  t.like(await strict.send(MAIL), { outcome: 'sent' });
  t.true(upgraded.mails[0]?.isEncrypted);
  t.not((await relayTo(t, direction.direct).send(MAIL)).outcome, 'sent');
});

test('a server without TLS gets no mail where TLS is required', async (t) => {
  const { port, mails } = await openMailbox(t);
  const { relay, ...rest } = settings(`smtp://127.0.0.1:${port}`);
  const strict = new Relay({ ...rest, relay: { ...relay, requireTls: true } }, { patience: 20_000 });
  t.teardown(() => strict.close());
  t.is((await strict.send(MAIL)).outcome, 'target failed');
  t.deepEqual(mails, []);
});

test('4xx is tried again: at the greeting, for the sender, for the recipient, after the data', async (t) => {
  const later = failing(451, '4.7.1 greylisted, come back');
  for (const options of [
    { onConnect: (_, done) => done(failing(421, 'busy')) },
    { onMailFrom: (_, __, done) => done(later) },
    { onRcptTo: (_, __, done) => done(later) },
    { onData: (stream, _, done) => void stream.resume().on('end', () => done(later)) },
  ] satisfies SMTPServerOptions[])
    t.is((await answerOf(t, options)).outcome, 'failed');
});

test('5xx for the recipient is final; the answer is kept without addresses and codes', async (t) => {
  const answer = `5.1.1 <zoe@example.com>: Recipient rejected, see zoe@example.com and ${'A1'.repeat(40)} ${'x '.repeat(600)}`;
  const tried = await answerOf(t, { onRcptTo: (_, __, done) => done(failing(550, answer)) });
  t.is(tried.outcome, 'refused');
  t.regex(
    tried.answer,
    /^550 5\.1\.1 <?\(address\)>?:? Recipient rejected, see \(address\) and \(long word\) x x/,
  );
  t.true(tried.answer.length <= 500);
});

test('5xx at the recipient that is not about the address is tried again: policy, the relay itself, a full mailbox', async (t) => {
  const tried = async (code: number, message: string) =>
    (await answerOf(t, { onRcptTo: (_, __, done) => done(failing(code, message)) })).outcome;
  for (const [code, message] of [
    [554, '5.7.1 <zoe@example.com>: Relay access denied'],
    [550, 'relay not permitted'],
    [550, '5.7.1 your account may not send'],
    [530, '5.7.0 Authentication required'],
    [550, '5.3.2 system does not accept mails'],
    [552, '5.2.2 mailbox is full'],
  ] as const)
    t.is(await tried(code, message), 'failed', message);
  for (const [code, message] of [
    [550, '5.1.1 no such user'],
    [550, '5.2.1 mailbox is disabled'],
    [550, '5.4.1 Recipient address rejected: Access denied'],
    [550, 'no such user'],
    [553, 'mailbox name not allowed'],
  ] as const)
    t.is(await tried(code, message), 'refused', message);
});

test('a full or busy mailbox says nothing about the relay; what else fails at the recipient does', async (t) => {
  const tried = (responseCode: number, message: string) =>
    answerOf(t, { onRcptTo: (_, __, done) => done(failing(responseCode, message)) });
  for (const [code, message] of [
    [452, '4.2.2 mailbox full'],
    [450, '4.2.0 <zoe@example.com>: greylisted, come back'],
    [450, '4.1.1 cannot be verified'],
    [450, 'mailbox busy'],
    [552, '5.2.2 mailbox is full'],
  ] as const)
    t.like(await tried(code, message), { outcome: 'failed', untried: true }, message);
  for (const [code, message] of [
    [451, '4.3.0 out of disk'],
    [450, '4.7.1 too many mails'],
    [421, 'busy'],
  ] as const) {
    const { outcome, ...more } = await tried(code, message);
    t.is(outcome, 'failed', message);
    t.false('untried' in more, message);
  }
});

test('greylisting that names a time is tried again then', async (t) => {
  const tried = (message: string, responseCode = 451) =>
    answerOf(t, { onRcptTo: (_, __, done) => done(failing(responseCode, message)) });
  t.like(await tried('4.7.1 greylisted, please come back in 00:15:00'), { pause: 900_000 });
  t.like(await tried('4.7.1 greylisted, please come back'), { outcome: 'failed', pause: undefined });
  t.like(await tried('5.7.1 blocked for 24 hours', 554), { outcome: 'failed', pause: undefined });
});

test('the usual words for a time to wait are read', (t) => {
  for (const [words, wait] of [
    ['451 4.7.1 Greylisting in action, please come back in 00:04:30', 270_000],
    ['450 greylisted for 300 seconds (see help)', 300_000],
    ['451 try again in 5 minutes', 300_000],
    ['451 Try again after 90s', 90_000],
    ['450 wait for 1 hour', 3_600_000],
    ['451 4.7.1 try again later', undefined],
    ['451 for 3 messages', undefined],
    ['451 in 2 mails of 5', undefined],
  ] as const)
    t.is(askedWait(words), wait, words);
});

test('an answer of several lines is one answer', async (t) => {
  const talk = await openTalk(t, {
    RCPT: '550-5.1.1 The address\r\n550-5.1.1 zoe@example.com\r\n550 5.1.1 is unknown',
  });
  const { outcome, answer } = await relayTo(t, talk.url).send(MAIL);
  t.is(outcome, 'refused');
  t.regex(answer, /^550-5\.1\.1 The address 550-5\.1\.1 \(address\) 550 5\.1\.1 is unknown$/);
});

test('a relay that takes the mail and breaks off before its answer gets it again, under the same Message-ID', async (t) => {
  const talk = await openTalk(t, { '.': '' });
  const relay = relayTo(t, talk.url);
  for (const _ of 'ab') t.is((await relay.send(MAIL)).outcome, 'failed');
  const ids = talk.lines.filter((line) => line.startsWith('Message-ID:'));
  t.is(ids.length, 2);
  t.is(new Set(ids).size, 1);
});

test('addresses as people write them: unicode by SMTPUTF8 or refused, quotes in the name; never sent to another', async (t) => {
  const long = `${'a'.repeat(64)}@${'b'.repeat(60)}.example.com`;
  for (const hides of [false, true]) {
    const mailbox = await openMailbox(t, { hideSMTPUTF8: hides });
    const relay = relayTo(t, `smtp://127.0.0.1:${mailbox.port}`);
    for (const address of ['zoë@example.com', 'zoe@exämple.com', "o'brien+x=y@example.com", long]) {
      const to = { name: 'Zoë "Z" <b@example.com>, c@example.com', address };
      const { outcome } = await relay.send({ ...MAIL, to });
      const [mail] = mailbox.mails.splice(0);
      const isUnicode = /^[^@]*[^ -~]/.test(address);
      if (outcome === 'sent') {
        t.is(mail?.to.length, 1);
        t.is(mail?.email.to?.length, 1, address);
        t.is(mail?.email.to?.[0]?.name, to.name);
      } else t.true(hides && isUnicode, `${address}: ${outcome}`);
    }
  }
});

test('5xx for the sender and for the log-in concern every mail; 5xx for the content is tried again', async (t) => {
  const never = failing(550, 'sender not allowed');
  t.is((await answerOf(t, { onMailFrom: (_, __, done) => done(never) })).outcome, 'target failed');
  const refuse: SMTPServerOptions = {
    onAuth: (_, __, done) => done(failing(535, 'no such user')),
    allowInsecureAuth: true,
  };
  t.is((await answerOf(t, refuse, 'user:a-password-of-words@')).outcome, 'target failed');
  const busy: SMTPServerOptions = {
    onAuth: (_, __, done) => done(failing(454, 'busy')),
    allowInsecureAuth: true,
  };
  t.is((await answerOf(t, busy, 'user:a-password-of-words@')).outcome, 'failed');
  const onData: SMTPServerOptions['onData'] = (stream, _, done) =>
    void stream.resume().on('end', () => done(failing(554, 'looks like spam')));
  t.is((await answerOf(t, { onData })).outcome, 'failed');
});

test('no server, a silent server, garbage and a broken connection are tried again, within the patience', async (t) => {
  const answers: readonly (readonly [string, string | undefined])[] = [
    ['silent', undefined],
    ['garbage', '\u0000\u0001 <html>\r\n'.repeat(50)],
    ['closed', ''],
  ];
  for (const [title, says] of answers) {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      if (says === '') socket.end();
      else if (says !== undefined) socket.write(says);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const began = Date.now();
    const relay = relayTo(t, `smtp://127.0.0.1:${address.port}`, { patience: 500 });
    t.is((await relay.send(MAIL)).outcome, 'failed', title);
    t.true(Date.now() - began < 8_000, title);
    await relay.close();
    server.close();
    if (title === 'closed')
      t.is((await relayTo(t, `smtp://127.0.0.1:${address.port}`).send(MAIL)).outcome, 'failed', 'no server');
  }
});

test('a stop does not wait for a server that is silent', async (t) => {
  const { port } = await openMailbox(t, { onConnect: () => {} });
  const stop = new AbortController();
  const sent = relayTo(t, `smtp://127.0.0.1:${port}`, { patience: 60_000 }).send(MAIL, stop.signal);
  setTimeout(() => stop.abort(), 100);
  t.is((await sent).outcome, 'failed');
});

test('the log-in is never in an answer', async (t) => {
  const words = 'a-password-of-words';
  const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _, done) =>
    done(failing(535, `no ${username} ${Buffer.from(`${username}\0${password}`).toString('base64')}`));
  const tried = await answerOf(t, { onAuth, allowInsecureAuth: true }, `user:${words}@`);
  t.regex(tried.answer, /^535 no user/);
  t.false(tried.answer.includes(words));
  t.false(tried.answer.includes(Buffer.from(`user\0${words}`).toString('base64')));
});
