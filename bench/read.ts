/**
 * npm run bench:read: compares reads a second with bare tweetnacl checks of the same bytes, clean and as pasted, and prints
 * the CPU time of the hostile texts that take longest.
 */
import nacl from 'tweetnacl';
import { unarmor } from '../src/license-code/armor.ts';
import { mintCode } from '../src/license-code/mint.ts';
import { createReader } from '../src/license-code/mintmark-verify.ts';
import { signedBytes } from '../src/license-code/product.ts';
import { OFFSET } from '../src/license-code/record.ts';
import { compareReads, type ReadComparison } from './compare-reads.ts';
import { hostileTexts } from './hostile-texts.ts';

const PRODUCT = 'bench-editor';
const TODAY = '2026-11-21';
const CODES = 10;
const ROUNDS = Number(process.argv[2] ?? 40);
/** Reads of a hostile text: the best is the one that other processes disturbed least. */
const ATTEMPTS = 8;
const SLOWEST = 3;

const pair = nacl.sign.keyPair();
const codes = Array.from({ length: CODES }, () => mintOne());
const checks = codes.map((code) => {
  const bytes = unarmor(code);
  const message = signedBytes(PRODUCT, bytes);
  const signature = bytes.slice(OFFSET.signature, OFFSET.check);
  return () => nacl.sign.detached.verify(message, signature, pair.publicKey);
});
const reader = createReader({
  product: PRODUCT,
  keyring: [
    {
      id: 1,
      mode: 'live',
      state: 'active',
      publicKey: Buffer.from(pair.publicKey).toString('hex'),
      created: TODAY,
    },
  ],
  today: TODAY,
});

const bareCheck = (index: number) => checks[index]?.() ?? false;
const asPasted = codes.map((code) => `> ${code.toLowerCase().replace(/(.{40})/g, '$1\u200b\n> ')}`);
/** The CPU time of this thread in milliseconds, independent of other processes. */
const threadTime = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
print('clean', compareReads(reader, codes, bareCheck, ROUNDS, threadTime));
print('as pasted', compareReads(reader, asPasted, bareCheck, ROUNDS, threadTime));
const [hostileCode = ''] = codes;
const hostile = Object.entries(hostileTexts(hostileCode)).map(([kind, text]) => ({
  kind,
  time: timeOf(text),
}));
for (const { kind, time } of hostile.sort((a, b) => b.time - a.time).slice(0, SLOWEST))
  console.log(`64 KiB of ${kind}: ${time.toFixed(1)} ms (best of ${ATTEMPTS})`);

function timeOf(text: string): number {
  const times = Array.from({ length: ATTEMPTS }, () => {
    const start = threadTime();
    reader.read(text);
    return threadTime() - start;
  });
  return Math.min(...times);
}

function mintOne(): string {
  const days = { issued: 20_000, lastValid: null, updatesUntil: null };
  const flags = { test: false, trial: false, keyId: 1, revision: 0, seats: 1, features: 0 };
  return mintCode({ ...flags, ...days, licenseId: nacl.randomBytes(16) }, PRODUCT, (message) =>
    nacl.sign.detached(message, pair.secretKey),
  );
}

function print(input: string, result: ReadComparison): void {
  const { readsPerSecond, checksPerSecond, ratio, lowerQuartile, upperQuartile } = result;
  console.log(
    `${input.padEnd(10)} ${readsPerSecond.toFixed(0)} reads/s, ${checksPerSecond.toFixed(0)} bare checks/s, ratio ${ratio.toFixed(3)} (quartiles ${lowerQuartile.toFixed(3)} to ${upperQuartile.toFixed(3)})`,
  );
}
