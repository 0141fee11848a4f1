/** Reads the pastes of ../shared/faults/paste: each has a customer's text and the expected verdict. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReader } from '../../src/license-code/reader.ts';
import { explain } from '../../src/license-code/verdict.ts';
import { codeOf, KEYRING, PRODUCT, TODAY } from '../../verifiers/vectors/build.ts';
import type { Outcome } from './ed25519.ts';

const CODE = codeOf();
const NEWER = codeOf({ revision: 1 });

/** Decided in an issue after the file was written. */
const REPAIRED: ReadonlySet<string> = new Set(['p21', 'p33', 'p34', 'p35']);
const NO_CODE: ReadonlySet<string> = new Set(['p59']);

/** How a code is altered, by the sign after its name. */
const TREATMENTS: Readonly<Record<string, (code: string, how: string) => string>> = {
  '': (code) => code,
  '/': (code, how) => {
    const [, width, between = ''] = /^(\d+)(?::(.*))?$/s.exec(how) ?? [];
    return (code.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(
      between === '=' ? '=\n' : `\n${between}`,
    );
  },
  '~': (code, how) => (code.match(/.{8}/g) ?? []).join(how),
  '#': (code, how) => {
    const [, size, between = '', lower] = /^(\d+)(\S*)( lower)?$/.exec(how) ?? [];
    const grouped = (code.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(between);
    return lower === undefined ? grouped : grouped.toLowerCase();
  },
  '^': (code, how) => code.slice(0, Number(how)),
  '!': (code, how) => SLIPS[how]?.(code) ?? '',
};

const SLIPS: Readonly<Record<string, (code: string) => string>> = {
  cyrillic: (code) => code.replace('A', '\u0410'),
  uv: (code) => code.replace('V', 'U'),
  s5: (code) => code.replace('S', '5'),
  swap: (code) => code.replace(/^(.{40}.*?)(.)(?!\2)(.)/, '$1$3$2'),
  bang: (code) => `${code.slice(0, 80)}!${code.slice(80)}`,
};

export async function pastes(shared: string): Promise<Outcome[]> {
  const folder = join(shared, 'faults', 'paste');
  if (!existsSync(folder)) return [];
  const failed: string[] = [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  for (const file of files) {
    const fault = play(file.slice(0, 3), readFileSync(join(folder, file), 'utf8'));
    if (fault !== null) failed.push(`${file}: ${fault}`);
  }
  return [{ name: 'what customers paste', passed: files.length - failed.length, failed }];
}

function play(name: string, file: string): string | null {
  const [, expected = '', text = ''] = /^expect: (.*)\n---\n(.*)$/s.exec(file) ?? [];
  const pasted = text.replace(
    /\{\{(CODE|NEWER)([/~#^!]?)([^}]*)\}\}/g,
    (_, code: string, sign: string, how: string) => {
      return TREATMENTS[sign]?.(code === 'CODE' ? CODE : NEWER, how) ?? '';
    },
  );
  const read = createReader({ product: PRODUCT, keyring: KEYRING.map(entryOf), today: TODAY }).read(pasted);
  const wanted = REPAIRED.has(name) ? 'valid' : NO_CODE.has(name) ? 'no-code' : expected;
  if (!wanted.includes(read.verdict)) return `${read.verdict} (${explain(read)}) instead of ${wanted}`;
  if (!('code' in read)) return null;
  if (read.code !== (pasted.includes(NEWER) ? NEWER : CODE)) return 'another code';
  return (read.repaired !== undefined) === REPAIRED.has(name) ? null : 'repaired, or not';
}

function entryOf({ id, mode, publicKey }: (typeof KEYRING)[number]) {
  return { id, mode, publicKey, state: 'active' as const, created: TODAY };
}
