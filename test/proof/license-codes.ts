/**
 * A license code with one slip reads as that code or not at all; a code that is otherwise edited, cut or made up is
 * rejected; and no text makes the reader throw.
 */
import nacl from 'tweetnacl';
import { createCodeReader } from '../../src/keyring/code-reader.ts';
import { CODE_LENGTH, unarmor } from '../../src/license-code/armor.ts';
import { textOf, wholeCodes } from '../../src/license-code/find.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { headsOf } from '../../src/license-code/heads.ts';
import { lettersOf, WRONG } from '../../src/license-code/letters.ts';
import { mintCode } from '../../src/license-code/mint.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { readPaste } from '../../src/license-code/reading.ts';
import { decodeRecord, OFFSET, productTag, readVersion } from '../../src/license-code/record.ts';
import {
  bitFlipsOf,
  doubleSlipsOf,
  type Edit,
  editsOf,
  fittingFlipsOf,
} from './license-codes/codes-edits.ts';
import { madeUpTexts } from './license-codes/codes-texts.ts';
import { type Outcome, type Proof, pick, type Tools } from './proof.ts';

/** The proved interface of a reader: it reads both pasted texts and whole texts. */
interface Candidate {
  /** The codes in a text that it accepts as genuine. */
  accepted(text: string): readonly string[];
  find(text: string): readonly string[];
}

const PRODUCT = 'acme-editor';
const TEXTS_PER_CODE = 20_000;
/** Double slips of each of the first 5 codes: a million in all. */
const DOUBLE_SLIPS = 200_000;
const QUICK_DOUBLE_SLIPS = 1_000;
const CODES_SLIPPED_TWICE = 5;
/** One of so many texts is also read by the portable reader. */
const PORTABLE_STEP = 500;

/** A run with this many violations stops. */
const ENOUGH = 20;

/** With --quick, one of so many bits is flipped with matching check digits: each costs a signature check. */
const QUICK_STEP = 31;

export const licenseCodes: Proof = {
  title:
    'license codes with one slip read as the very code or not at all; with two, or made up: never; none throws',
  unit: 'codes',
  quick: 3,
  full: 50,
  run: async (amount, tools) => {
    const key = makeKey(tools);
    const honest = genuine(key);
    const code = makeCode(key, tools);
    // A reader that repairs nothing would pass the rest.
    const repairs = honest.accepted(`${code.slice(0, 60)}U${code.slice(61)}`)[0] === code;
    const { done, violations } = await prove(amount, key, honest, tools);
    return { done, violations: repairs ? violations : ['a slip was not undone', ...violations] };
  },
  controls: [
    {
      title: 'a reader without check digits and signature',
      run: controlOf(() => (text) => formOf(text, false)),
    },
    { title: 'a reader without signature', run: controlOf(() => (text) => formOf(text, true)) },
    { title: 'a reader that repairs by the check digits alone', run: controlOf(credulous) },
    { title: 'a reader that throws for what is no code', run: controlOf(throwing) },
  ],
};

/** By node:crypto, seventy times as fast; the portable reader also answers some of the texts. */
function genuine(key: nacl.SignKeyPair): Candidate {
  const publicKey = Buffer.from(key.publicKey).toString('hex');
  const keyring = [{ id: 1, mode: 'live', state: 'active', publicKey, created: '2026-11-21' }] as const;
  const readCode = createCodeReader(keyring, [PRODUCT]);
  const reader = createReader({ product: PRODUCT, keyring, today: '2026-11-21', allowTest: true });
  let texts = 0;
  return {
    accepted: (text) => {
      const read = readCode(text);
      const codes = 'verdict' in read ? [] : [read.code];
      if (texts++ % PORTABLE_STEP !== 0) return codes;
      const again = reader.read(text);
      const same = 'code' in again ? again.code === codes[0] : codes.length === 0;
      return same ? codes : ['the portable reader says otherwise'];
    },
    find: findCodes,
  };
}

type Accepted = Candidate['accepted'];

function controlOf(
  weaken: (honest: Accepted, key: nacl.SignKeyPair) => Accepted,
): (tools: Tools) => Promise<Outcome> {
  return async (tools) => {
    const key = makeKey(tools);
    const honest = genuine(key);
    return prove(1, key, { ...honest, accepted: weaken(honest.accepted, key) }, tools);
  };
}

function throwing(honest: Accepted): Accepted {
  return (text) => (unarmor(text).length > 0 ? honest(text) : []);
}

/** Accepts the first repair whose check digits match. */
function credulous(): Accepted {
  const trust = {
    heads: headsOf([{ id: 1, mode: 'live' }], [PRODUCT]),
    refuse: (bytes: Uint8Array) => (isOfProduct(bytes) ? null : ({ verdict: 'wrong-product' } as const)),
    isGenuine: () => true,
  };
  return (text) => {
    const read = readPaste(text, trust);
    return 'verdict' in read ? [] : read.map(({ code }) => code);
  };
}

/** The codes by their form alone, with or without check digits. */
function formOf(text: string, withCheckDigits: boolean): readonly string[] {
  const letters = lettersOf(text, text.length);
  const values = letters.values.subarray(0, CODE_LENGTH);
  const isWhole = letters.count === CODE_LENGTH && !values.includes(WRONG);
  const codes = withCheckDigits ? [...wholeCodes(letters).keys()] : isWhole ? [textOf(values)] : [];
  return codes.filter((code) => isOfProduct(unarmor(code)));
}

function isOfProduct(bytes: Uint8Array): boolean {
  const tag = productTag(PRODUCT);
  return (
    readVersion(bytes).supported &&
    tag.every((byte, i) => byte === bytes[OFFSET.tag + i]) &&
    decodeRecord(bytes).keyId === 1
  );
}

async function prove(amount: number, key: nacl.SignKeyPair, candidate: Candidate, tools: Tools) {
  const violations: string[] = [];
  let tried = 0;
  let done = 0;
  for (; done < amount && violations.length < ENOUGH; done++) {
    const code = makeCode(key, tools);
    const fault = wrongWithGenuine(code, candidate);
    if (fault !== null) violations.push(fault);
    for (const edit of allOf(code, done, tools)) {
      tried++;
      const what = wrongWith(edit, code, candidate);
      if (what !== null) violations.push(`code ${done}, ${edit.what}: ${what} (seed ${tools.seed})`);
      if (violations.length >= ENOUGH) break;
    }
  }
  tools.note(`${tried} edits and texts of ${done} codes`);
  return { done, violations };
}

function* allOf(code: string, number: number, tools: Tools): Generator<Edit> {
  yield* editsOf(code);
  yield* bitFlipsOf(code);
  yield* tools.quick ? fittingFlipsOf(code, pick(QUICK_STEP, tools), QUICK_STEP) : fittingFlipsOf(code);
  const doubles = tools.quick ? QUICK_DOUBLE_SLIPS : DOUBLE_SLIPS;
  if (number < CODES_SLIPPED_TWICE) yield* doubleSlipsOf(code, doubles, tools);
  yield* madeUpTexts(TEXTS_PER_CODE, code, tools);
}

/** The fault of an answer to a text that was made from a code, or null. */
function wrongWith({ text, refused }: Edit, code: string, candidate: Candidate): string | null {
  try {
    const accepted = candidate.accepted(text);
    if (accepted.some((each) => each !== code)) return 'another code was accepted';
    if (refused && accepted.length > 0) return 'accepted';
    // Judged texts are not judged again: that can take a signature check.
    const found = candidate.find(text).filter((each) => each !== text && each !== code);
    return found.some((each) => candidate.accepted(each).length > 0) ? 'found and accepted' : null;
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

/** Without this, a reader that rejects everything would pass. */
function wrongWithGenuine(code: string, candidate: Candidate): string | null {
  if (candidate.accepted(code)[0] !== code) return 'a genuine code was refused';
  return candidate.find(code)[0] === code ? null : 'a genuine code was not found';
}

function makeKey(tools: Tools): nacl.SignKeyPair {
  return nacl.sign.keyPair.fromSeed(randomBytes(32, tools));
}

function makeCode(key: nacl.SignKeyPair, tools: Tools): string {
  const record = {
    test: false,
    trial: tools.random() < 0.5,
    keyId: 1,
    licenseId: randomBytes(16, tools),
    revision: pick(0x10000, tools),
    issued: 20_000 + pick(700, tools),
    lastValid: tools.random() < 0.5 ? null : 21_000 + pick(1000, tools),
    updatesUntil: tools.random() < 0.5 ? null : 1 + pick(0xffff, tools),
    seats: pick(0x10000, tools),
    features: pick(0x1000000, tools),
  };
  return mintCode(record, PRODUCT, (message) => nacl.sign.detached(message, key.secretKey));
}

function randomBytes(amount: number, tools: Tools): Uint8Array {
  return Uint8Array.from({ length: amount }, () => pick(256, tools));
}
