/** Tokens of links that were cut, extended, spelled otherwise, or are of another file, license, day, generation or secret. */
import { Machine } from '../kit/machine.ts';
import type { Forged } from './forged-links/forge.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

export const NO_HMAC: Weakness = {
  file: 'src/keyring/link-token.ts',
  changes: [
    ['if (!timingSafeEqual(seal(bytes.subarray(0, SIGNED)), bytes.subarray(SIGNED))) return undefined;', ''],
  ],
};
export const PADDING_BIT_IGNORED: Weakness = {
  file: 'src/keyring/link-token.ts',
  changes: [[" || bytes.toString('base64url') !== text", '']],
};

export const forgedLinks: Proof = {
  title:
    'tokens of customers’ links cut, extended, respelled, of another file, license, day, generation, purpose and secret: none is accepted',
  unit: 'tokens',
  quick: 5_000,
  full: 100_000,
  run: (amount, tools) => forge(amount, tools),
  controls: [
    { title: 'no HMAC', run: (tools) => forge(2_000, tools, NO_HMAC) },
    { title: 'a padding bit ignored', run: (tools) => forge(2_000, tools, PADDING_BIT_IGNORED) },
  ],
};

async function forge(amount: number, tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const machine = new Machine(tools);
  const around = weakness === undefined ? {} : weakened(weakness);
  const words = [String(amount), String(Math.floor(tools.random() * 2 ** 32))];
  const ran = machine.spawn('test/proof/forged-links/forge.ts', words, around);
  const status = await ran.ended;
  if (status !== 0) throw new Error(`it ended with ${status}: ${ran.err}`);
  const { done, accepted, genuine }: Forged = JSON.parse(ran.out);
  const refused = genuine.read === genuine.written ? [] : ['a genuine token is refused'];
  return { done, violations: [...refused, ...accepted.map((how) => `accepted: ${how}`)] };
}
