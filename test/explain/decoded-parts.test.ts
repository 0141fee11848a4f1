import test from 'ava';
import { withDecodedParts } from '../../src/explain/decoded-parts.ts';

/** As mail programs wrap it. */
const base64 = (text: string, lineEnd: string) =>
  (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join(lineEnd);

const BODY = `Grüße,\n\n> ${'0123456789ABCDEF'.repeat(10)}\n`;

test('a part in base64 is decoded in its place, whatever follows its header, and the rest stays', (t) => {
  for (const lineEnd of ['\n', '\r\n'])
    for (const further of [
      '',
      'Content-Type: text/html; charset=utf-8',
      'Content-ID: <1>\nX-Folded: a\n  b',
    ]) {
      const more = further === '' ? '' : `${further}\n`;
      const head = `From: ada@example.com\n\n--b\n${more}CONTENT-Transfer-Encoding: Base64\n${more}\n`;
      const mail = (body: string) => `${head}${body}\n--b\nContent-Type: text/plain\n\nbye\n--b--\n`;
      const read = withDecodedParts(mail(base64(BODY, '\n')).replaceAll('\n', lineEnd));
      t.is(read.replaceAll('\r', ''), mail(BODY), JSON.stringify([lineEnd, further]));
    }
});

test('every part is decoded, also the last line of a text without a line end', (t) => {
  const part = (text: string) => `Content-Transfer-Encoding: base64\n\n${base64(text, '\n')}`;
  t.is(
    withDecodedParts(`${part('one')}\n--b\n${part('two')}`),
    'Content-Transfer-Encoding: base64\n\none\n--b\nContent-Transfer-Encoding: base64\n\ntwo\n',
  );
});

test('a text that is no part in base64 stays byte for byte', (t) => {
  const letters = base64(BODY, '\n');
  for (const text of [
    letters,
    `Content-Transfer-Encoding: quoted-printable\n\n${letters}\n`,
    `We use Content-Transfer-Encoding: base64\n\n${letters}\n`,
    'Content-Transfer-Encoding: base64\n',
    'Content-Transfer-Encoding: base64\n\nnot at all, is it?\n',
  ])
    t.is(withDecodedParts(text), text);
});
