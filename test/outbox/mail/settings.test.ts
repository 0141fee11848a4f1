/** The settings of mail: what they mean, and a line for each fault without the value. */
import test from 'ava';
import { AppError } from '../../../src/errors.ts';
import { type Environment, readConfig } from '../../../src/service/config.ts';

const FROM = { MAIL_FROM: 'Lumen <licenses@example.com>' };
const SECRET = 'hunter-of-words';
const RELAY = `smtps://apikey:${SECRET}@smtp.example.com`;

function read(env: Environment) {
  return readConfig(env, () => RELAY);
}

function faultsOf(env: Environment): string {
  try {
    read(env);
  } catch (error) {
    return error instanceof AppError ? error.message : String(error);
  }
  return '';
}

test('mail is off until the relay and the sender are set, and one without the other stops the start', (t) => {
  t.is(read({}).mail, undefined);
  t.regex(faultsOf(FROM), /^SMTP_URL: is missing beside MAIL_FROM/m);
  t.regex(faultsOf({ SMTP_URL: RELAY }), /^MAIL_FROM: is missing beside SMTP_URL/m);
  t.truthy(read({ ...FROM, SMTP_URL: RELAY }).mail);
  t.regex(read({ SELLER_EMAIL: 'me@example.com' }).warnings.join(), /^SELLER_EMAIL does nothing/);
});

test('the relay, the sender, the reply address and the seller are read', (t) => {
  const { mail, publicUrl } = read({
    ...FROM,
    SMTP_URL: 'smtps://api%40key:pass%25word@smtp.example.com',
    MAIL_REPLY_TO: 'help@example.com',
    SELLER_EMAIL: 'me@example.com',
    PUBLIC_URL: 'https://licenses.example.com/',
  });
  t.is(publicUrl, 'https://licenses.example.com');
  t.deepEqual(mail, {
    relay: {
      host: 'smtp.example.com',
      port: 465,
      secure: true,
      requireTls: false,
      login: { user: 'api@key', password: 'pass%word' },
    },
    from: { name: 'Lumen', address: 'licenses@example.com' },
    replyTo: { name: undefined, address: 'help@example.com' },
    seller: 'me@example.com',
    host: 'licenses.example.com',
  });
  t.is(read({ ...FROM, SMTP_URL_FILE: '/run/smtp' }).mail?.host, 'example.com');
  const abroad = read({ MAIL_FROM: 'licenses@bücher.example', SMTP_URL: RELAY }).mail;
  t.is(abroad?.host, 'xn--bcher-kva.example', 'a Message-ID is ASCII');
});

test('TLS is required everywhere but at a loopback address', (t) => {
  const tls = (url: string) => {
    const relay = read({ ...FROM, SMTP_URL: url }).mail?.relay;
    return relay?.secure === true || relay?.requireTls === true;
  };
  for (const host of [
    'smtp.example.com',
    '10.0.0.1',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '[fe80::1]',
  ])
    t.true(tls(`smtp://${host}`), host);
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '127.9.9.9']) t.false(tls(`smtp://${host}`), host);
  t.true(tls('smtps://127.0.0.1'));
});

const FAULTS: readonly (readonly [Environment, RegExp])[] = [
  [{ SMTP_URL: 'smtp.example.com' }, /^SMTP_URL: write smtps:\/\//m],
  [{ SMTP_URL: 'https://smtp.example.com' }, /^SMTP_URL: write smtps:\/\//m],
  [{ SMTP_URL: `${RELAY}?tls.rejectUnauthorized=false` }, /^SMTP_URL: has something behind the server/m],
  [{ SMTP_URL: `smtps://apikey@smtp.example.com` }, /^SMTP_URL: has a user without a password/m],
  [{ SMTP_URL: `smtps://a:${SECRET}%@smtp.example.com` }, /^SMTP_URL: has a % in user or password/m],
  [{ MAIL_FROM: 'Lumen' }, /^MAIL_FROM: write an address/m],
  [{ MAIL_FROM: 'a@example.com, b@example.com' }, /^MAIL_FROM: write an address/m],
  [{ MAIL_FROM: 'Lumen\r\nBcc: x@example.com <licenses@example.com>' }, /^MAIL_FROM: write an address/m],
  [{ MAIL_REPLY_TO: 'help' }, /^MAIL_REPLY_TO: write an address/m],
  [{ SELLER_EMAIL: 'Me <me@example.com>' }, /^SELLER_EMAIL: write an address/m],
  [{ PUBLIC_URL: 'licenses.example.com' }, /^PUBLIC_URL: write https:\/\//m],
  [{ PUBLIC_URL: 'http://licenses.example.com' }, /^PUBLIC_URL: write https:\/\//m],
  [{ PUBLIC_URL: 'https://licenses.example.com/shop' }, /^PUBLIC_URL: write https:\/\//m],
];

test('each fault has a line with the name of the setting and the remedy, and never the value', (t) => {
  for (const [env, fault] of FAULTS) {
    const told = faultsOf({ ...FROM, SMTP_URL: RELAY, ...env });
    t.regex(told, fault);
    t.false(told.includes(SECRET));
  }
  t.is(read({ PUBLIC_URL: 'http://localhost:8787' }).publicUrl, 'http://localhost:8787');
});
