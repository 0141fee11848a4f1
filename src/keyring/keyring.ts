/** The keyring: the public list of signing keys, which programs embed (license-code-v1, "Public keys"). */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Day, isDay } from '../domain/values/day.ts';
import type { Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import { codeOf, fileFault, keyringFile, replacePublic } from './key-files.ts';

export interface KeyEntry {
  /** 1 to 255: one byte of a license code. Never used twice. */
  readonly id: number;
  readonly mode: Mode;
  /** `next` is published before it signs; `retired` no longer signs and still verifies. */
  readonly state: 'next' | 'active' | 'retired';
  /** 32 bytes, as 64 lower-case hex digits. */
  readonly publicKey: string;
  readonly created: Day;
}

export type Keyring = readonly KeyEntry[];

const entry = z.strictObject({
  id: z.int('write a whole number').min(1, 'begins at 1').max(255, 'ends at 255'),
  mode: z.enum(['live', 'test'], 'write live or test'),
  state: z.enum(['next', 'active', 'retired'], 'write next, active or retired'),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/, 'write 32 bytes as 64 hex digits in lower case'),
  created: z.string().refine(isDay, 'write a day as YYYY-MM-DD'),
});

const keyring = z.array(entry, 'write a list: [...]').superRefine((entries, context) => {
  for (const name of ['id', 'publicKey'] as const) {
    const seen = new Set<unknown>();
    entries.forEach((each, index) => {
      if (seen.has(each[name])) {
        context.addIssue({ code: 'custom', path: [index, name], message: 'is there twice' });
      }
      seen.add(each[name]);
    });
  }
});

/**
 * The keyring of a folder; empty where there is no keyring.json yet. Throws `bad_configuration` with one line per
 * fault. Two active keys of a mode are allowed here, so that `keys retire` can correct them; loadSigners refuses them.
 */
export function readKeyring(folder: string): Keyring {
  const file = keyringFile(folder);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw fileFault(error, file, 'read');
  }
  return parseKeyring(text, file);
}

/** `name` begins each fault line. */
export function parseKeyring(text: string, name: string): Keyring {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AppError('bad_configuration', `${name} is not JSON: restore it from your backup`);
  }
  const parsed = keyring.safeParse(json);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    (issue) => `${name}: ${[...place(issue.path), issue.message].join(': ')}`,
  );
  throw new AppError('bad_configuration', lines.join('\n'));
}

/** Writes atomically: a crash leaves the old or the new keyring. */
export function writeKeyring(folder: string, entries: Keyring): void {
  replacePublic(keyringFile(folder), formatKeyring(entries));
}

/** One key per line, so that a diff shows which key changed. */
export function formatKeyring(entries: Keyring): string {
  if (entries.length === 0) return '[]\n';
  return `[\n${entries.map((each) => `  ${JSON.stringify(each)}`).join(',\n')}\n]\n`;
}

function place([index, ...names]: readonly PropertyKey[]): readonly string[] {
  if (index === undefined) return [];
  return [[`key number ${Number(index) + 1} in the list`, ...names.map(String)].join(', ')];
}
