/** Binds a code to its product: a tag in the record, and the whole product id in the signed bytes. */
import nacl from 'tweetnacl';
import { asciiBytes, toUtf8 } from './utf8.ts';

export const PRODUCT_TAG_BYTES = 3;

/** Length of the record in bytes. The whole record is signed. */
export const RECORD_BYTES = 34;

const LONGEST_PRODUCT_BYTES = 64;
const CONTEXT = 'mintmark license v1\0';

/** Limit of cached tags: a seller has few products, and invented ids must not fill the memory. */
const MOST_KEPT = 1024;

interface Binding {
  readonly tag: Uint8Array;
  /** The prefix of the record in the signed bytes. */
  readonly prefix: Uint8Array;
}

const bindings = new Map<string, Binding>();

/**
 * The first 3 bytes of SHA-512 of the product id in UTF-8 (license-code-v1, "The record"). Cached: do not write to it.
 * Throws a RangeError unless the id is 1 to 64 bytes of UTF-8.
 */
export function productTag(product: string): Uint8Array {
  return bindingOf(product).tag;
}

/**
 * Returns the signed bytes: `"mintmark license v1"`, a 0 byte, the length of the product id, the product id, record bytes
 * 0 to 33 (license-code-v1, "The record"). Reads the first 34 bytes given and returns a new array.
 */
export function signedBytes(product: string, record: Uint8Array): Uint8Array {
  if (record.length < RECORD_BYTES) throw new RangeError(`a record has ${RECORD_BYTES} bytes`);
  const { prefix } = bindingOf(product);
  const message = new Uint8Array(prefix.length + RECORD_BYTES);
  message.set(prefix);
  for (let i = 0; i < RECORD_BYTES; i++) message[prefix.length + i] = record[i] ?? 0;
  return message;
}

function bindingOf(product: string): Binding {
  const kept = bindings.get(product);
  if (kept !== undefined) return kept;
  const made = bind(product);
  if (bindings.size >= MOST_KEPT) bindings.clear();
  bindings.set(product, made);
  return made;
}

function bind(product: string): Binding {
  if (typeof product !== 'string') throw new TypeError('a product id is a string');
  const id = toUtf8(product);
  if (id.length < 1 || id.length > LONGEST_PRODUCT_BYTES) {
    throw new RangeError(`a product id has 1 to ${LONGEST_PRODUCT_BYTES} bytes of UTF-8, not ${id.length}`);
  }
  const context = asciiBytes(CONTEXT);
  const prefix = new Uint8Array(context.length + 1 + id.length);
  prefix.set(context);
  prefix[context.length] = id.length;
  prefix.set(id, context.length + 1);
  return { tag: nacl.hash(id).slice(0, PRODUCT_TAG_BYTES), prefix };
}
