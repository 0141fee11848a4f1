/** Hosts with other keys on the same ledger. */
import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { makeIdSecret } from '../../../src/keyring/id-secret.ts';
import { idSecretFile } from '../../../src/keyring/key-files.ts';
import { run } from '../../postgres/server.ts';
import type { Weakness } from '../kit/weakening.ts';
import type { Outcome, Proof, Tools } from '../proof.ts';
import { privateCluster } from './private-cluster.ts';
import { Shop } from './selling.ts';

export const SECRETS_ARE_NOT_COMPARED: Weakness = {
  file: 'src/storage/record/identity-row.ts',
  changes: [
    ['!identity.secret.equals(sealer.idSecretCheck)', 'false'],
    ['!identity.seal.equals(sealIdentity(sealer, identity))', 'false'],
  ],
};

export const PUBLIC_KEYS_ARE_NOT_COMPARED: Weakness = {
  file: 'src/storage/postgres/signing-keys.ts',
  changes: [
    ['!row.public_key.equals(bytes)', 'false'],
    ['!row.seal.equals(seal)', 'false'],
  ],
};

interface Other {
  readonly has: string;
  /** The sentence with which it must not start. */
  readonly refusal: RegExp;
  readonly prepare: (keysDir: string, first: string) => void;
}

const OTHER_SECRET: Other = {
  has: 'an id secret of its own',
  refusal: /not the id secret of this ledger/,
  prepare: (keysDir) => makeIdSecret(keysDir, randomBytes),
};

/** `makeHome` made them. */
const OTHER_KEYS: Other = {
  has: 'keys of its own',
  refusal: /is not the key \d+ of this ledger/,
  prepare: (keysDir, first) => copyFileSync(idSecretFile(first), idSecretFile(keysDir)),
};

export const postgresSecrets: Proof = {
  title:
    'PostgreSQL: an instance with another id secret, or with other keys of the same ids, does not start, and says why',
  unit: 'starts',
  quick: 2,
  full: 20,
  run: (starts, tools) =>
    startOthers(
      Array.from({ length: starts }, (_, place) => (place % 2 === 0 ? OTHER_SECRET : OTHER_KEYS)),
      tools,
    ),
  controls: [
    {
      title: 'id secrets are not compared',
      run: (tools) => startOthers([OTHER_SECRET], tools, SECRETS_ARE_NOT_COMPARED),
    },
    {
      title: 'public keys are not compared',
      run: (tools) => startOthers([OTHER_KEYS], tools, PUBLIC_KEYS_ARE_NOT_COMPARED),
    },
  ],
};

async function startOthers(others: readonly Other[], tools: Tools, weakness?: Weakness): Promise<Outcome> {
  await privateCluster(tools);
  const shop = await Shop.open(tools);
  const first = await shop.start();
  await shop.sell([first], 'S-1');
  // Otherwise the comparison of public keys would refuse it.
  if (weakness === SECRETS_ARE_NOT_COMPARED) await run('DELETE FROM signing_key', shop.url);
  const violations: string[] = [];
  for (const { has, refusal, prepare } of others) {
    const other = await Shop.open(tools, weakness, shop.url);
    prepare(other.keysDir, shop.keysDir);
    const ended = await other.start().then(
      () => 'it started',
      (error: unknown) => String(error),
    );
    if (!refusal.test(ended)) violations.push(`a host with ${has}: ${ended}`);
  }
  return { done: others.length, violations };
}
