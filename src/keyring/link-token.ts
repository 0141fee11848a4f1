/**
 * The token of a link that customers get: 44 bytes in 59 characters of base64url, and no row anywhere. Version and purpose
 * (1 byte), license id (16), generation (1), last day (2, days since 2020-01-01 UTC), subject (8), HMAC-SHA256 over all of
 * them (16 of its bytes).
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a link is for. `confirm` and `undo` are about a change of address, `file` is for downloads. */
export const LINK_PURPOSES = ['file', 'buyer', 'holder', 'confirm', 'undo'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

export interface Link {
  readonly purpose: LinkPurpose;
  /** 16 bytes. */
  readonly license: Uint8Array;
  /** The ledger's number for the license when the link was made; a higher one ends the link. */
  readonly generation: number;
  /** The last day, UTC, inclusive: days since 1970-01-01. */
  readonly lastDay: number;
  /** 8 bytes: the file (`fileSubject`), the change of address; zeros for a license page. */
  readonly subject: Uint8Array;
}

export interface LinkTokens {
  write(link: Link): string;
  /** Undefined: not written here. Whether the link is too old is the caller's question. */
  read(token: string): Link | undefined;
}

/** Characters of a token. */
export const TOKEN_LENGTH = 59;

export const MOST_GENERATIONS = 255;

export const NO_SUBJECT: Uint8Array = new Uint8Array(8);

const BYTES = 44;
const SIGNED = 28;
const VERSION = 1;

/** 2020-01-01, in days since 1970-01-01. */
const EPOCH = 18_262;
const DAY_MILLISECONDS = 86_400_000;

const PLACE = { license: 1, generation: 17, day: 18, subject: 20 } as const;

export function createLinkTokens(idSecret: Uint8Array): LinkTokens {
  const key = Buffer.from(hkdfSync('sha256', idSecret, new Uint8Array(), 'mintmark link v1', 32));
  const seal = (signed: Uint8Array) =>
    createHmac('sha256', key)
      .update(signed)
      .digest()
      .subarray(0, BYTES - SIGNED);
  return {
    write(link) {
      const bytes = Buffer.alloc(BYTES);
      bytes[0] = (VERSION << 4) | (LINK_PURPOSES.indexOf(link.purpose) + 1);
      bytes.set(link.license, PLACE.license);
      bytes[PLACE.generation] = link.generation;
      bytes.writeUInt16BE(link.lastDay - EPOCH, PLACE.day);
      bytes.set(link.subject, PLACE.subject);
      bytes.set(seal(bytes.subarray(0, SIGNED)), SIGNED);
      return bytes.toString('base64url');
    },
    read(text) {
      if (text.length !== TOKEN_LENGTH) return undefined;
      const bytes = Buffer.from(text, 'base64url');
      // Written again, it must be the same: the last character has two bits that no byte uses.
      if (bytes.length !== BYTES || bytes.toString('base64url') !== text) return undefined;
      if (!timingSafeEqual(seal(bytes.subarray(0, SIGNED)), bytes.subarray(SIGNED))) return undefined;
      const [head = 0] = bytes;
      const purpose = LINK_PURPOSES[(head & 0xf) - 1];
      if (head >> 4 !== VERSION || purpose === undefined) return undefined;
      return {
        purpose,
        license: new Uint8Array(bytes.subarray(PLACE.license, PLACE.generation)),
        generation: bytes[PLACE.generation] ?? 0,
        lastDay: bytes.readUInt16BE(PLACE.day) + EPOCH,
        subject: new Uint8Array(bytes.subarray(PLACE.subject, SIGNED)),
      };
    },
  };
}

/** The UTC day of a moment, in days since 1970-01-01. */
export function dayNumberAt(milliseconds: number): number {
  return Math.floor(milliseconds / DAY_MILLISECONDS);
}

/** The subject of a link to a file of a release. */
export function fileSubject(product: string, version: string, file: string): Uint8Array {
  return createHash('sha256').update(`${product}/${version}/${file}`).digest().subarray(0, 8);
}

/** The subject of a link about a row of the ledger. */
export function numberSubject(number: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

export function numberIn(subject: Uint8Array): number {
  return Number(Buffer.from(subject).readBigUInt64BE());
}
