/** Forged or changed signatures and records. One rule of strict verification refuses each. */
import { createHash } from 'node:crypto';
import { unarmor } from '../../../src/license-code/armor.ts';
import { RECORD_BYTES, signedBytes } from '../../../src/license-code/product.ts';
import { OFFSET } from '../../../src/license-code/record.ts';
import {
  type Change,
  CODE,
  changed,
  codeOf,
  flip,
  KEY,
  OTHER_PRODUCT,
  PRODUCT,
  readCase,
  signBy,
  signerOf,
} from '../build.ts';
import { L, signWithR, signWithTwistedR, withS } from '../ed25519.ts';
import type { ReadCase } from '../published.ts';

/** Encodings of points whose order divides 8, for R. The last two are non-canonical: y = 0 and y = 1. */
const SMALL_ORDER: readonly (readonly [string, string])[] = [
  ['order 1', `01${'00'.repeat(31)}`],
  ['order 2', `ec${'ff'.repeat(30)}7f`],
  ['order 4', '00'.repeat(32)],
  ['order 4, the other sign', `${'00'.repeat(31)}80`],
  ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['order 8, another', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ['order 4, written as p', `ed${'ff'.repeat(30)}7f`],
  ['order 1, written as p + 1', `ee${'ff'.repeat(30)}7f`],
  ['order 1, with the sign of no number', `01${'00'.repeat(30)}80`],
];

/** The offset of each signed field, and the verdict on a code with one flipped bit in that field. */
const FIELDS: readonly (readonly [string, number, number, string])[] = [
  ['version', 0, 4, 'unsupported-version'],
  ['a reserved bit', 0, 3, 'unsupported-version'],
  ['trial flag', 0, 1, 'forged'],
  ['test flag', 0, 0, 'forged'],
  ['key id, to that of another live key', 1, 1, 'forged'],
  ['key id, to one that is not in the keyring', 1, 6, 'unknown-key'],
  ['product tag', 3, 0, 'wrong-product'],
  ['license id, first bit', 5, 7, 'forged'],
  ['license id, last bit', 20, 0, 'forged'],
  ['revision', 22, 0, 'forged'],
  ['issued', 24, 0, 'forged'],
  ['last valid day', 26, 0, 'forged'],
  ['updates until', 28, 7, 'forged'],
  ['seats', 29, 0, 'forged'],
  ['features', 33, 0, 'forged'],
  ['R of the signature, first bit', 34, 0, 'forged'],
  ['R of the signature, its sign', 65, 7, 'forged'],
  ['S of the signature, first bit', 66, 0, 'forged'],
  ['S of the signature, last bit', 97, 7, 'forged'],
];

const SIGNER = signerOf(KEY.live);
const MESSAGE = signedBytes(PRODUCT, unarmor(CODE));
const SIGNATURE = unarmor(CODE).slice(OFFSET.signature, OFFSET.check);

export function signatures(): ReadCase[] {
  const flipped = FIELDS.map(([name, at, bit, verdict]) =>
    readCase(`one bit flipped, check digits made to fit: ${name}`, changed(CODE, flip(at, bit)), verdict),
  );
  const smallOrder = SMALL_ORDER.map(([name, point]) =>
    forged(`R of small order, S made to fit: ${name}`, signWithR(MESSAGE, Buffer.from(point, 'hex'), SIGNER)),
  );
  const scalars = [1n, 2n, 8n, 14n].map((times) =>
    forged(
      `S + ${times} L`,
      withS(SIGNATURE, (s) => s + times * L),
    ),
  );
  return [...flipped, ...smallOrder, ...scalars, ...others(), ...records(), ...flagAndMode()];
}

function others(): ReadCase[] {
  const zeroS = withS(SIGNATURE, () => 0n);
  return [
    forged(
      'R plus a point of order 2: fits only with the cofactor',
      signWithTwistedR(MESSAGE, SIGNER, SIGNATURE),
    ),
    forged(
      'S is L',
      withS(SIGNATURE, () => L),
    ),
    forged(
      'S is L - S',
      withS(SIGNATURE, (s) => L - s),
    ),
    forged('S is 0', zeroS),
    forged('S is 0 and R the point of order 1', Uint8Array.from([1, ...new Uint8Array(63)])),
    forged(
      'S of all ones',
      withS(SIGNATURE, () => 2n ** 256n - 1n),
    ),
    forged('R of all ones', new Uint8Array(SIGNATURE).fill(0xff, 0, 32)),
    forged('R and S of all ones', new Uint8Array(64).fill(0xff)),
    forged(
      'the record is signed without its product',
      signBy(KEY.live, unarmor(CODE).subarray(0, RECORD_BYTES)),
    ),
    forged('signed without the zero byte and the length', signBy(KEY.live, withoutLength())),
    forged('the hash of what is signed is signed', signBy(KEY.live, sha512(MESSAGE))),
  ];
}

/** Genuine signatures of other content. */
function records(): ReadCase[] {
  const copy =
    (from: string, start: number, end: number): Change =>
    (bytes) =>
      bytes.set(unarmor(from).subarray(start, end), start);
  const ended = codeOf({ lastValid: '2026-11-20' });
  const ownTag = copy(CODE, OFFSET.tag, OFFSET.licenseId);
  const another: readonly (readonly [string, string])[] = [
    ["another live key's signature", codeOf({}, KEY.secondLive)],
    ["the first key's signature under the id of the second", codeOf({ keyId: KEY.secondLive }, KEY.live)],
    [
      "another license's signature",
      changed(CODE, copy(codeOf({ seats: 2 }), OFFSET.signature, OFFSET.check)),
    ],
    [
      "another product's signature, with the tag of this one",
      codeOf({ product: OTHER_PRODUCT }, KEY.live, ownTag),
    ],
    ["another product's code, its tag replaced", changed(codeOf({ product: OTHER_PRODUCT }), ownTag)],
    [
      'an ended license made perpetual',
      changed(ended, (bytes) => bytes.fill(0, OFFSET.lastValid, OFFSET.updatesUntil)),
    ],
    ["a stranger's signature under a known key id", codeOf({ keyId: KEY.last }, KEY.stranger)],
  ];
  return another.map(([name, code]) => readCase(name, code, 'forged'));
}

/** A test order never gets a live code. A code with a contradicting test flag is forged for every reader. */
function flagAndMode(): ReadCase[] {
  const both: readonly (readonly [string, string])[] = [
    ['the test flag under a live key', codeOf({ test: true }, KEY.live)],
    ['no test flag under a test key', codeOf({ keyId: KEY.test })],
    ['a test code made live by its flag', changed(codeOf({ test: true, keyId: KEY.test }), flip(0))],
    ['a live code made a test code by its flag', changed(CODE, flip(0))],
  ];
  return both.flatMap(([name, code]) => [
    readCase(`${name}, live codes only`, code, 'forged'),
    readCase(`${name}, tests accepted`, code, 'forged', { allowTest: true }),
  ]);
}

function forged(name: string, signature: Uint8Array): ReadCase {
  return readCase(
    name,
    changed(CODE, (bytes) => bytes.set(signature, OFFSET.signature)),
    'forged',
  );
}

function withoutLength(): Uint8Array {
  const context = new TextEncoder().encode(`mintmark license v1${PRODUCT}`);
  return Uint8Array.from([...context, ...unarmor(CODE).subarray(0, RECORD_BYTES)]);
}

function sha512(message: Uint8Array): Uint8Array {
  return createHash('sha512').update(message).digest();
}
