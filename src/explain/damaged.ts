/** Finds codes that no reader can read, by the prefix of all codes of a product; the ledger has the original code. */
import type { Ledger, LicenseStory } from '../domain/ledger.ts';
import type { Keyring } from '../keyring/keyring.ts';
import { ALPHABET, armor, CODE_BYTES, CODE_LENGTH, unarmor } from '../license-code/armor.ts';
import { LICENSE_ID_BYTES } from '../license-code/license-id.ts';
import { OFFSET, productTag } from '../license-code/record.ts';
import { type Letters, pieceOf } from './letters.ts';
import { slipsOf } from './slips.ts';

export interface DamagedCode {
  /** The text as pasted. */
  readonly piece: string;
  readonly license: LicenseStory;
  /** The original code. */
  readonly code: string;
  readonly slips: readonly string[];
}

/** Characters that hold version, key id and product tag: 5 bytes. */
const HEAD = 8;

/** The license id is complete after this many characters. */
const ID_END = Math.ceil(((OFFSET.licenseId + LICENSE_ID_BYTES) * 8) / 5);

/** Surplus letters that are looked at behind the 160 of a code. */
const MORE = 20;

/** `without`: readable codes in the text, which are skipped. */
export async function damagedCodes(
  letters: Letters,
  without: readonly string[],
  {
    keyring,
    products,
    ledger,
  }: { keyring: Keyring; products: readonly string[]; ledger: Pick<Ledger, 'find'> },
): Promise<readonly DamagedCode[]> {
  const heads = new Set(headsOf(keyring, products));
  const found: DamagedCode[] = [];
  let text = letters.letters;
  for (const code of without) text = text.replaceAll(code, '.'.repeat(CODE_LENGTH));
  for (let from = 0; from + ID_END <= text.length; from++) {
    if (!heads.has(text.slice(from, from + HEAD))) continue;
    const pasted = text.slice(from, from + CODE_LENGTH + MORE).split('.')[0] ?? '';
    const license = await licenseOf(pasted, ledger);
    if (license === undefined) continue;
    const sent = [license.code, ...(license.answer === null ? [] : [license.answer.code])];
    const [best] = sent.map((code) => ({ code, ...slipsOf(pasted, code) })).sort((a, b) => a.count - b.count);
    if (best === undefined) continue;
    const piece = pieceOf(letters, from, Math.min(pasted.length, CODE_LENGTH));
    found.push({ piece, license, code: best.code, slips: best.words });
    from += ID_END;
  }
  return found;
}

/** The prefixes of all codes of each product, one for each signing key. */
function headsOf(keyring: Keyring, products: readonly string[]): readonly string[] {
  return keyring.flatMap(({ id, mode }) =>
    products.flatMap((product) =>
      [0, 2].map((trial) => {
        const bytes = new Uint8Array(CODE_BYTES);
        bytes[0] = (1 << 4) | (mode === 'test' ? 1 : 0) | trial;
        bytes[OFFSET.keyId] = id;
        bytes.set(productTag(product), OFFSET.tag);
        return armor(bytes).slice(0, HEAD);
      }),
    ),
  );
}

async function licenseOf(pasted: string, ledger: Pick<Ledger, 'find'>): Promise<LicenseStory | undefined> {
  const head = pasted.slice(0, ID_END);
  if (head.length < ID_END || [...head].some((letter) => !ALPHABET.includes(letter))) return undefined;
  const bytes = unarmor(head.padEnd(CODE_LENGTH, '0'));
  const id = bytes.slice(OFFSET.licenseId, OFFSET.licenseId + LICENSE_ID_BYTES);
  const [license] = await ledger.find({ by: 'license', id });
  return license;
}
