/** No license code that was edited, cut or made up is accepted, and nothing that is read makes the reader throw. */
import nacl from 'tweetnacl';
import { ALPHABET, CODE_LENGTH, unarmor } from '../../src/license-code/armor.ts';
import { clean } from '../../src/license-code/clean.ts';
import { crc16 } from '../../src/license-code/crc16.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { mintCode } from '../../src/license-code/mint.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { decodeRecord, OFFSET, productTag, readTwo, readVersion } from '../../src/license-code/record.ts';
import { bitFlipsOf, type Edit, editsOf, fittingFlipsOf } from './license-codes/codes-edits.ts';
import { madeUpTexts } from './license-codes/codes-texts.ts';
import { type Outcome, type Proof, pick, type Tools } from './proof.ts';

/** What is proved of a reader: it is asked both for what was pasted and for what stands in a whole text. */
interface Candidate {
  /** True for any verdict that tells of a genuine license. */
  accepts(text: string): boolean;
  find(text: string): readonly string[];
}

const PRODUCT = 'acme-editor';
const TEXTS_PER_CODE = 20_000;

/** A run that is this wrong needs no more. */
const ENOUGH = 20;

/** With --quick one bit in so many is flipped with fitting check digits: each costs a signature check. */
const QUICK_STEP = 31;

export const licenseCodes: Proof = {
  title: 'license codes edited in any one place, and made-up texts: none is accepted, none throws',
  unit: 'codes',
  quick: 5,
  full: 50,
  run: async (amount, tools) => {
    const key = makeKey(tools);
    return prove(amount, key, genuine(key), tools);
  },
  controls: [
    {
      title: 'a reader without check digits and signature',
      run: controlOf(() => (text) => hasForm(text, false)),
    },
    { title: 'a reader without signature', run: controlOf(() => (text) => hasForm(text, true)) },
    { title: 'a reader that throws for what is no code', run: controlOf(throwing) },
  ],
};

function genuine(key: nacl.SignKeyPair): Candidate {
  const publicKey = Buffer.from(key.publicKey).toString('hex');
  const keyring = [{ id: 1, mode: 'live', state: 'active', publicKey, created: '2026-11-21' }] as const;
  const reader = createReader({ product: PRODUCT, keyring, today: '2026-11-21', allowTest: true });
  return { accepts: (text) => 'license' in reader.read(text), find: findCodes };
}

type Accepts = Candidate['accepts'];

function controlOf(weaken: (honest: Accepts) => Accepts): (tools: Tools) => Promise<Outcome> {
  return async (tools) => {
    const key = makeKey(tools);
    const honest = genuine(key);
    return prove(1, key, { ...honest, accepts: weaken(honest.accepts) }, tools);
  };
}

function throwing(honest: Accepts): Accepts {
  return (text) => unarmor(clean(text)).length > 0 && honest(text);
}

/** What a reader would be that asks for the form alone, with or without the check digits. */
function hasForm(text: string, withCheckDigits: boolean): boolean {
  const cleaned = clean(text);
  if (cleaned.length !== CODE_LENGTH || [...cleaned].some((letter) => !ALPHABET.includes(letter)))
    return false;
  const bytes = unarmor(cleaned);
  if (withCheckDigits && crc16(bytes, OFFSET.check) !== readTwo(bytes, OFFSET.check)) return false;
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
    for (const edit of allOf(code, tools)) {
      tried++;
      const what = wrongWith(edit, candidate);
      if (what !== null) violations.push(`code ${done}, ${edit.what}: ${what} (seed ${tools.seed})`);
      if (violations.length >= ENOUGH) break;
    }
  }
  tools.note(`${tried} edits and texts of ${done} codes`);
  return { done, violations };
}

function* allOf(code: string, tools: Tools): Generator<Edit> {
  yield* editsOf(code);
  yield* bitFlipsOf(code);
  yield* tools.quick ? fittingFlipsOf(code, pick(QUICK_STEP, tools), QUICK_STEP) : fittingFlipsOf(code);
  yield* madeUpTexts(TEXTS_PER_CODE, code, tools);
}

/** What is wrong with the answer to a text that holds no code, or null. */
function wrongWith({ text }: Edit, candidate: Candidate): string | null {
  try {
    if (candidate.accepts(text)) return 'accepted';
    // What was judged as it stands is not judged again: that may be a signature check.
    const found = candidate.find(text).filter((code) => code !== text);
    return found.some((code) => candidate.accepts(code)) ? 'found and accepted' : null;
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

/** Without this, a reader that refuses everything would do. */
function wrongWithGenuine(code: string, candidate: Candidate): string | null {
  if (!candidate.accepts(code)) return 'a genuine code was refused';
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
