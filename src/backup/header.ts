/**
 * The head of a backup file: two lines of text, the version and the parameters of the key derivation. The rest of the
 * file is encrypted and authenticates the head too:
 *
 *   mintmark backup v1
 *   {"kdf":"scrypt","n":131072,"r":8,"p":1,"salt":…,"check":…,"cipher":"aes-256-gcm","iv":…}
 *   ciphertext, then a tag of 16 bytes
 */
import { scryptSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../errors.ts';

export const CIPHER = 'aes-256-gcm';
export const TAG_BYTES = 16;
const VERSION_LINE = 'mintmark backup v1';
const ANY_VERSION = /^mintmark backup v\d+$/;

/** Far more than a head takes. */
export const LONGEST_HEAD = 4096;

/** scrypt's parameters: 128 MiB and about half a second for each guess of a passphrase. */
export const COST: Cost = { n: 2 ** 17, r: 8, p: 1 };

export interface Cost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** Bytes: a little more than the largest allowed parameters take. */
const MOST_MEMORY = 2 ** 30 + 2 ** 24;

const KEY_BYTES = 32;
const CHECK_BYTES = 16;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

/** The limits keep an edited head from taking more than 1 GiB of memory. */
const parameters = z.strictObject({
  kdf: z.literal('scrypt'),
  n: z
    .int()
    .min(2)
    .max(2 ** 20)
    .refine((n) => Number.isInteger(Math.log2(n))),
  r: z.int().min(1).max(8),
  p: z.int().min(1).max(4),
  salt: hex(16),
  /** A second output of scrypt: tells a wrong passphrase from a damaged file. */
  check: hex(CHECK_BYTES),
  cipher: z.literal(CIPHER),
  iv: hex(12),
});

export type Parameters = Readonly<z.infer<typeof parameters>>;

/** Makes the parameters of a new file, and its key. */
export function newParameters(
  passphrase: string,
  randomBytes: (size: number) => Uint8Array,
  cost: Cost,
): { readonly parameters: Parameters; readonly key: Uint8Array } {
  const salt = Buffer.from(randomBytes(16)).toString('hex');
  const { key, check } = derive(passphrase, { ...cost, salt });
  const iv = Buffer.from(randomBytes(12)).toString('hex');
  return {
    parameters: { kdf: 'scrypt', ...cost, salt, check: check.toString('hex'), cipher: CIPHER, iv },
    key,
  };
}

/** The key of a file; undefined for a wrong passphrase. */
export function keyFor(passphrase: string, given: Parameters): Uint8Array | undefined {
  const { key, check } = derive(passphrase, given);
  return timingSafeEqual(check, Buffer.from(given.check, 'hex')) ? key : undefined;
}

export function headOf(given: Parameters): Buffer {
  return Buffer.from(`${VERSION_LINE}\n${JSON.stringify(given)}\n`);
}

/** `file` begins the message. Throws AppError `bad_usage` for a file that is no backup. */
export function readHead(
  begin: Buffer,
  file: string,
): { readonly head: Buffer; readonly parameters: Parameters } {
  const versionEnd = begin.indexOf('\n');
  const end = begin.indexOf('\n', versionEnd + 1);
  const version = begin.subarray(0, Math.max(0, versionEnd)).toString('latin1');
  if (version !== VERSION_LINE && ANY_VERSION.test(version)) {
    throw new AppError('bad_usage', `${file} was made by a newer Mintmark ("${version}"): update Mintmark.`);
  }
  if (version !== VERSION_LINE || end < 0)
    throw new AppError('bad_usage', `${file} is no backup of Mintmark.`);
  const parsed = parameters.safeParse(jsonOf(begin.subarray(versionEnd + 1, end)));
  if (!parsed.success) throw new AppError('bad_usage', `${file} is damaged: its head cannot be read.`);
  return { head: Buffer.from(begin.subarray(0, end + 1)), parameters: parsed.data };
}

function derive(passphrase: string, { n, r, p, salt }: Cost & { readonly salt: string }) {
  const limits = { N: n, r, p, maxmem: MOST_MEMORY };
  const bytes = scryptSync(passphrase, Buffer.from(salt, 'hex'), KEY_BYTES + CHECK_BYTES, limits);
  return { key: bytes.subarray(0, KEY_BYTES), check: bytes.subarray(KEY_BYTES) };
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
