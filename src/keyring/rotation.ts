/** Key rotation: keys are added, activated and retired, and never removed. */
import type { Mode } from '../domain/values/order.ts';
import { AppError } from '../errors.ts';
import type { KeyEntry, Keyring } from './keyring.ts';

const LAST_ID = 255;

export function activeKeys(entries: Keyring, mode: Mode): Keyring {
  return entries.filter((each) => each.mode === mode && each.state === 'active');
}

/**
 * The id after the highest, so that an id never means two keys. Skips ids in `taken`: those of private key files
 * that an interrupted command left.
 */
export function nextId(entries: Keyring, taken: (id: number) => boolean = () => false): number {
  let id = Math.max(0, ...entries.map((each) => each.id)) + 1;
  while (id <= LAST_ID && taken(id)) id += 1;
  if (id > LAST_ID) {
    throw new AppError(
      'bad_usage',
      `All key ids up to ${LAST_ID} are used: a license code has one byte for them`,
    );
  }
  return id;
}

/** Adds a key: active where its mode has no active key and `next` was not requested, else next. */
export function withNewKey(
  entries: Keyring,
  key: Omit<KeyEntry, 'state'>,
  options: { readonly next?: boolean } = {},
): { readonly entries: Keyring; readonly added: KeyEntry } {
  if (entries.some((each) => each.id === key.id)) {
    throw new AppError('bad_usage', `Key ${key.id} is in the keyring already`);
  }
  const waits = options.next === true || activeKeys(entries, key.mode).length > 0;
  const { id, mode, publicKey, created } = key;
  const added: KeyEntry = { id, mode, state: waits ? 'next' : 'active', publicKey, created };
  return { entries: [...entries, added], added };
}

/**
 * The key signs from now on, and the mode's former active key is retired. A retired key can be activated again: the
 * remedy when a key was activated before the released programs knew it.
 */
export function activate(entries: Keyring, id: number): Keyring {
  const { mode } = keyOf(entries, id);
  return entries.map((each) => {
    if (each.id === id) return { ...each, state: 'active' };
    return each.mode === mode && each.state === 'active' ? { ...each, state: 'retired' } : each;
  });
}

/** Stops signing with the key; it still verifies. The only active key of a mode can only be replaced, by `activate`. */
export function retire(entries: Keyring, id: number): Keyring {
  const key = keyOf(entries, id);
  if (key.state === 'active' && activeKeys(entries, key.mode).length === 1) {
    throw new AppError('bad_usage', onlyActive(entries, key));
  }
  return entries.map((each) => (each.id === id ? { ...each, state: 'retired' } : each));
}

/** `not_found` where the keyring has no such key. */
export function keyOf(entries: Keyring, id: number): KeyEntry {
  const key = entries.find((each) => each.id === id);
  if (key === undefined) {
    throw new AppError(
      'not_found',
      `There is no key ${id} in the keyring: see  npm run -s mintmark -- keys list`,
    );
  }
  return key;
}

function onlyActive(entries: Keyring, { id, mode }: KeyEntry): string {
  const waiting = entries.find((each) => each.mode === mode && each.state === 'next');
  const lines = [
    `Key ${id} is the only active ${mode} key: without it no ${mode} order could be given a license. Nothing was changed.`,
    'To retire it, let another key take its place:',
  ];
  if (waiting === undefined) {
    lines.push(
      `  npm run -s mintmark -- keys new --mode ${mode} --next   and publish the new keyring.json, then`,
    );
  }
  const successor = waiting === undefined ? 'ID' : String(waiting.id);
  lines.push(`  npm run -s mintmark -- keys activate ${successor}   which retires key ${id}`);
  return lines.join('\n');
}
