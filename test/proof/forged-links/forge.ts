/** Forges tokens from genuine ones and reads them. Its own process, so that it can be weakened. Prints JSON. */
import { createHash } from 'node:crypto';
import {
  createLinkTokens,
  fileSubject,
  LINK_PURPOSES,
  type Link,
  NO_SUBJECT,
} from '../../../src/keyring/link-token.ts';

export interface Forged {
  readonly done: number;
  /** How each accepted one was forged. */
  readonly accepted: readonly string[];
  readonly genuine: { readonly written: number; readonly read: number };
}

const [amount = 0, seed = 0] = process.argv.slice(2).map(Number);

let count = 0;
/** The next bytes of the seed's sequence. */
function bytes(length: number): Buffer {
  count += 1;
  return createHash('sha512').update(`${seed} ${count}`).digest().subarray(0, length);
}
const below = (limit: number) => bytes(4).readUInt32BE() % limit;

const tokens = createLinkTokens(bytes(32));
const stranger = createLinkTokens(bytes(32));
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function genuineLink(): Link {
  return {
    purpose: LINK_PURPOSES[below(LINK_PURPOSES.length)] ?? 'buyer',
    license: new Uint8Array(bytes(16)),
    generation: below(256),
    lastDay: 20_000 + below(2_000),
    subject: below(2) === 0 ? NO_SUBJECT : fileSubject('lumen', String(below(9)), 'Lumen.dmg'),
  };
}

/** Other bytes at a place, under the same HMAC. */
const edited = (at: number, length: number) => (token: string) => {
  const whole = Buffer.from(token, 'base64url');
  const other = bytes(length);
  if (whole.subarray(at, at + length).equals(other)) other[0] = (other[0] ?? 0) ^ 1;
  whole.set(other, at);
  return whole.toString('base64url');
};

const WAYS: Readonly<Record<string, (token: string, link: Link) => string>> = {
  'of another purpose': (token) => {
    const whole = Buffer.from(token, 'base64url');
    const [head = 0] = whole;
    whole[0] = 0x10 | (((head & 0xf) % LINK_PURPOSES.length) + 1);
    return whole.toString('base64url');
  },
  'of another license': edited(1, 16),
  'of another generation': edited(17, 1),
  'of another day': edited(18, 2),
  'of another file': edited(20, 8),
  'with another HMAC': edited(28, 16),
  'of another secret': (_, link) => stranger.write(link),
  'with the HMAC of another token': (token) => {
    const whole = Buffer.from(token, 'base64url');
    whole.set(Buffer.from(tokens.write(genuineLink()), 'base64url').subarray(28), 28);
    return whole.toString('base64url');
  },
  'one bit changed': (token) => {
    const whole = Buffer.from(token, 'base64url');
    const bit = below(whole.length * 8);
    whole[bit >> 3] = (whole[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return whole.toString('base64url');
  },
  cut: (token) => token.slice(0, below(token.length)),
  extended: (token) => token + (ALPHABET[below(64)] ?? 'A').repeat(1 + below(4)),
  'extended in front': (token) => (ALPHABET[below(64)] ?? 'A') + token,
  'with another padding bit': (token) => {
    const last = ALPHABET.indexOf(token.at(-1) ?? '');
    return token.slice(0, -1) + ALPHABET[(last & ~3) | ((last + 1 + below(3)) & 3)];
  },
  'in the other alphabet, or padded': (token) => {
    const other = token.replaceAll('-', '+').replaceAll('_', '/');
    return other === token ? `${token}=` : other;
  },
  'with white space': (token) => `${token.slice(0, -1)} `,
  'in another case': (token) => (token === token.toLowerCase() ? token.toUpperCase() : token.toLowerCase()),
  'of chance': () => bytes(44).toString('base64url'),
};

const ways = Object.entries(WAYS);
const accepted: string[] = [];
const genuine = { written: 0, read: 0 };
for (let done = 0; done < amount; done++) {
  const link = genuineLink();
  const token = tokens.write(link);
  genuine.written += 1;
  if (tokens.read(token) !== undefined) genuine.read += 1;
  const [name, forge] = ways[done % ways.length] ?? ['', (text: string) => text];
  const forged = forge(token, link);
  if (forged !== token && tokens.read(forged) !== undefined) accepted.push(name);
}
process.stdout.write(JSON.stringify({ done: amount, accepted, genuine } satisfies Forged));
