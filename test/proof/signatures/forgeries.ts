/** Forged calls, made from a genuine one: each must be refused. */
import { pick, type Tools } from '../proof.ts';
import type { Secrets, Way } from './signed-ways.ts';

export interface Forgery {
  /** Enough to reproduce it by hand. */
  readonly what: string;
  readonly bytes: Buffer;
}

export interface Forging {
  readonly secrets: Secrets;
  /** Another sender's secrets. */
  readonly others: Secrets;
  /** Flipped bits per signature, and per byte of a body. */
  readonly bits: number;
  readonly bodyBits: number;
}

/** All forgeries of one call, which is itself never sent. */
export function* forgeries(way: Way, order: string, forging: Forging, tools: Tools): Generator<Forgery> {
  const body = way.body(order);
  const honest = way.signature(body, forging.secrets);
  for (const [what, text] of texts(way, order, honest, forging, tools)) {
    if (text === written(way, honest)) continue;
    yield { what: `${way.name}: ${what}`, bytes: withSignature(way, body, text) };
  }
  for (const [what, bytes] of places(way, body, written(way, honest)))
    yield { what: `${way.name}: ${what}`, bytes };
  for (const [what, changed] of changedBodies(body, forging.bodyBits, tools)) {
    if (way.isSame(body, changed)) continue;
    yield {
      what: `${way.name}: ${what}: ${changed}`,
      bytes: withSignature(way, changed, written(way, honest)),
    };
  }
}

/** The genuine call. */
export function signedCall(way: Way, order: string, secrets: Secrets): Buffer {
  const body = way.body(order);
  return withSignature(way, body, written(way, way.signature(body, secrets)));
}

function written({ encoding }: Way, signature: Uint8Array): string {
  return Buffer.from(signature).toString(encoding);
}

function withSignature(way: Way, body: string, text: string, name = way.place): Buffer {
  return way.inHeader
    ? way.request(body, { headers: `${name}: ${text}\r\n` })
    : way.request(body, { fields: `${name}=${encodeURIComponent(text)}` });
}

type Text = readonly [what: string, text: string];

/** Other texts instead of the signature. */
function* texts(way: Way, order: string, honest: Buffer, forging: Forging, tools: Tools): Generator<Text> {
  const { secrets, others, bits } = forging;
  const body = way.body(order);
  const text = written(way, honest);
  const over = (bytes: string | Uint8Array) =>
    written(way, way.signature(body, secrets, undefined, Buffer.from(bytes)));
  for (let length = 0; length < text.length; length++)
    yield [`cut to ${length} characters`, text.slice(0, length)];
  for (let length = 1; length <= 16; length++)
    yield [`${length} longer`, text + 'A='[length % 2]?.repeat(length)];
  yield* rewritten(text, honest, way);
  const all = 8 * honest.length;
  const places = bits >= all ? Array(all).keys() : Array.from({ length: bits }, () => pick(all, tools));
  for (const place of places) yield [`bit ${place} flipped`, written(way, flipped(honest, place))];
  yield ["another's key", written(way, way.signature(body, others))];
  yield ["another's key first", `${written(way, way.signature(body, others))},${text}`];
  yield ['signature of another call', written(way, way.signature(way.body(`${order}-2`), secrets))];
  yield ['over the body as JSON', over(JSON.stringify(Object.fromEntries(new URLSearchParams(body))))];
  yield ['over the body in other white space', over(`${body} `)];
  yield ['over nothing', over('')];
  if (way.inHeader) {
    const parsed: unknown = JSON.parse(Buffer.from(body, 'latin1').toString());
    yield ['over the body indented', over(JSON.stringify(parsed, null, 2))];
    yield ['over the body in latin1', over(Buffer.from(body, 'latin1').toString())];
  } else yield ['over the body as it travels', over(body)];
  for (const hash of ['md5', 'sha1', 'sha256', 'sha512'])
    if (written(way, way.signature(body, secrets, hash)) !== text)
      yield [`by ${hash}`, written(way, way.signature(body, secrets, hash))];
  for (const byte of [0, 1, 255])
    yield [`all bytes ${byte}`, written(way, Buffer.alloc(honest.length, byte))];
  for (const word of ['undefined', 'null', 'true', '0', '[]', '{}', '[object Object]']) yield [word, word];
  if (way.place === 'p_signature') yield ['the modulus added', written(way, plusModulus(honest, secrets))];
}

/** The same bytes in another encoding. */
function* rewritten(text: string, bytes: Buffer, way: Way): Generator<Text> {
  const hex = bytes.toString('hex');
  yield ['hex', hex];
  // Upper-case hex is another encoding of the same bytes, and is accepted.
  if (way.encoding !== 'hex') yield ['HEX', hex.toUpperCase()];
  if (way.encoding !== 'base64') yield ['base64', bytes.toString('base64')];
  yield ['base64url', bytes.toString('base64url')];
  yield ['latin1', bytes.toString('latin1').replace(/[^\x21-\x7e]/g, '?')];
  yield ['without padding', text.replace(/=+$/, '')];
  yield ['once in base64 again', Buffer.from(text).toString('base64')];
  yield ['backwards', [...text].reverse().join('')];
  yield ['percent-encoded again', encodeURIComponent(text)];
  yield [
    'each character percent-encoded again',
    `%${Buffer.from(text).toString('hex').match(/../g)?.join('%')}`,
  ];
  for (const space of [' ', '\t', '\n', '\r\n', '\u00a0', '\u200b']) {
    // White space at the ends of a header is not part of it, and a line end in it is another request.
    if (way.inHeader && !/[ \t]/.test(space)) continue;
    const middle = `${text.slice(0, 20)}${space}${text.slice(20)}`;
    yield [`with ${JSON.stringify(space)} inside`, middle];
    if (!way.inHeader)
      yield* [` ${text}`, `${text}${space}`].map((each) => ['with white space', each] as const);
  }
  yield ['quoted', `"${text}"`];
  yield ['named', `sha256=${text}`];
  // The last letter before the padding has unused bits.
  const [, head, last, padding] = /^(.*)([A-Za-z0-9+/])(=+)$/.exec(text) ?? [];
  if (way.encoding !== 'base64' || last === undefined) return;
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
    if (letter !== last) yield [`with ${letter} at the end`, `${head}${letter}${padding}`];
  }
}

function flipped(bytes: Buffer, place: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(place >> 3) ^ (1 << (place & 7)), place >> 3);
  return copy;
}

/** The same number for RSA, unless the length is checked. */
function plusModulus(signature: Buffer, { paddle }: Secrets): Buffer {
  const modulus = Buffer.from(paddle.export({ format: 'jwk' }).n ?? '', 'base64url');
  const sum = BigInt(`0x${signature.toString('hex')}`) + BigInt(`0x${modulus.toString('hex')}`);
  return Buffer.from(sum.toString(16).padStart(2 * signature.length + 2, '0'), 'hex');
}

/** The right signature in the wrong place. */
function* places(way: Way, body: string, text: string): Generator<readonly [string, Buffer]> {
  const value = encodeURIComponent(text);
  const { place } = way;
  yield ['missing', way.request(body)];
  const names = [
    `${place}[]`,
    `${place}[0]`,
    `${place}.0`,
    `${place}2`,
    `x-${place}`,
    'signature',
    'Authorization',
  ];
  for (const name of [...names, place.replaceAll(/[-_]/g, ''), place.slice(0, -1)])
    if (!way.inHeader || !/[[\]]/.test(name)) yield [`in ${name}`, withSignature(way, body, text, name)];
  if (way.inHeader) {
    const header = `${place}: ${text}\r\n`;
    yield ['twice', way.request(body, { headers: header + header })];
    yield ['first a wrong one', way.request(body, { headers: `${place}: A\r\n${header}` })];
    yield ['then a wrong one', way.request(body, { headers: `${header}${place}: A\r\n` })];
    yield ['with NUL', way.request(body, { headers: `${place}: ${text}\0\r\n` })];
    yield ['in the query', way.request(body, { fields: `${place}=${value}` })];
    yield ['in [0]', way.request(body, { headers: `${place}[0]: ${text}\r\n` })];
    yield ['with underscores', way.request(body, { headers: `X_FS_Signature: ${text}\r\n` })];
    return;
  }
  const field = `${place}=${value}`;
  for (const fields of [
    `${field}&${field}`,
    `${place}=A&${field}`,
    `${field}&${place}=A`,
    `${field}&${place}`,
    `${field}%00`,
    `${place}%00=${value}`,
    `%00${field}`,
    `${place.toUpperCase()}=${value}`,
    `${place}+=${value}`,
    `%20${field}`,
    `${place}==${value}`,
  ])
    yield [`as ${fields}`, way.request(body, { fields })];
  yield ['in a header', way.request(body, { headers: `${place}: ${text}\r\n` })];
  yield ['in a cookie', way.request(body, { headers: `Cookie: ${place}=${value}\r\n` })];
}

/** Bodies that differ from the signed body: bits of each byte, and missing or additional bytes. */
function* changedBodies(body: string, bits: number, tools: Tools): Generator<readonly [string, string]> {
  for (let at = 0; at < body.length; at++) {
    const chosen = bits >= 8 ? Array(8).keys() : Array.from({ length: bits }, () => pick(8, tools));
    for (const bit of chosen) {
      const byte = String.fromCharCode(body.charCodeAt(at) ^ (1 << bit));
      yield [`byte ${at}, bit ${bit} of the body`, body.slice(0, at) + byte + body.slice(at + 1)];
    }
    yield [`byte ${at} of the body left out`, body.slice(0, at) + body.slice(at + 1)];
    yield [`a byte more at ${at} of the body`, `${body.slice(0, at)}1${body.slice(at)}`];
  }
  yield ['a field more', `${body}&zz=1`];
  yield ['two bodies', body + body];
  yield ['no body', ''];
}
