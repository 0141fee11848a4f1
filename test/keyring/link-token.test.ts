import { createHmac, hkdfSync } from 'node:crypto';
import test from 'ava';
import {
  createLinkTokens,
  dayNumberAt,
  fileSubject,
  LINK_PURPOSES,
  type Link,
  NO_SUBJECT,
  numberIn,
  numberSubject,
} from '../../src/keyring/link-token.ts';

const SECRET = Buffer.alloc(32, 7);
const tokens = createLinkTokens(SECRET);

const LINK: Link = {
  purpose: 'buyer',
  license: new Uint8Array(Array.from({ length: 16 }, (_, place) => place)),
  generation: 3,
  lastDay: dayNumberAt(Date.UTC(2026, 11, 8)),
  subject: NO_SUBJECT,
};

test('a token is 59 characters of base64url over 44 bytes, laid out as documented', (t) => {
  const token = tokens.write(LINK);
  t.regex(token, /^[A-Za-z0-9_-]{59}$/);
  const bytes = Buffer.from(token, 'base64url');
  const day = Buffer.alloc(2);
  // Days from 2020-01-01 to 2026-12-08.
  day.writeUInt16BE((Date.UTC(2026, 11, 8) - Date.UTC(2020, 0, 1)) / 86_400_000);
  const signed = Buffer.concat([Buffer.from([0x12]), LINK.license, Buffer.from([3]), day, Buffer.alloc(8)]);
  const key = Buffer.from(hkdfSync('sha256', SECRET, '', 'mintmark link v1', 32));
  const mac = createHmac('sha256', key).update(signed).digest().subarray(0, 16);
  t.deepEqual(bytes, Buffer.concat([signed, mac]));
});

test('what was written is read, for every purpose', (t) => {
  for (const purpose of LINK_PURPOSES) {
    const link = { ...LINK, purpose, subject: new Uint8Array(fileSubject('lumen', '4.2', 'Lumen.dmg')) };
    t.deepEqual(tokens.read(tokens.write(link)), link);
  }
  t.is(numberIn(numberSubject(123_456)), 123_456);
});

test('each changed character, another length and another secret are refused', (t) => {
  const token = tokens.write(LINK);
  for (let place = 0; place < token.length; place++) {
    const other = token[place] === 'A' ? 'B' : 'A';
    t.is(tokens.read(token.slice(0, place) + other + token.slice(place + 1)), undefined, `place ${place}`);
  }
  for (const wrong of [
    token.slice(1),
    token.slice(0, -1),
    `${token}A`,
    `${token}=`,
    '',
    ` ${token.slice(1)}`,
  ])
    t.is(tokens.read(wrong), undefined, wrong);
  t.is(createLinkTokens(Buffer.alloc(32, 8)).read(token), undefined);
});

test('a token has one spelling: the last character has bits that no byte uses', (t) => {
  const token = tokens.write(LINK);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1) ?? '');
  const same = [...alphabet].filter((_, value) => value >> 2 === last >> 2 && value !== last);
  t.is(same.length, 3);
  for (const character of same) {
    const spelled = token.slice(0, -1) + character;
    t.deepEqual(
      Buffer.from(spelled, 'base64url'),
      Buffer.from(token, 'base64url'),
      'control: the same bytes',
    );
    t.is(tokens.read(spelled), undefined);
  }
  t.is(
    tokens.read(token.replaceAll('-', '+').replaceAll('_', '/') + (/[-_]/.test(token) ? '' : '=')),
    undefined,
  );
});
