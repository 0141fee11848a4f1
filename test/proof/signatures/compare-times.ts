/**
 * Measures the signature checks when the first byte is wrong, and when the last byte is wrong. Its own process, so that
 * it can be weakened. Prints JSON.
 */
import { generateKeyPairSync } from 'node:crypto';
import { median } from '../../../bench/statistics.ts';
import {
  HASH_FIELD,
  isLicenseRequest,
  isWebhook,
} from '../../../src/marketplaces/fastspring/authenticity.ts';
import { authenticate, SIGNATURE_FIELD } from '../../../src/marketplaces/paddle-classic/authenticity.ts';
import { WAYS, type Way } from './signed-ways.ts';

export interface Times {
  readonly name: string;
  /** Nanoseconds that a call takes. */
  readonly takes: number;
  /** Additional nanoseconds if only the last byte is wrong: one value per series. */
  readonly longer: readonly number[];
  /** The same in standard errors. */
  readonly errors: readonly number[];
}

const SERIES = 3;
const PAIRS = 400;

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const secrets = {
  paddle: privateKey,
  licenseKey: 'license-key-of-now',
  webhookSecret: 'webhook-secret-of-now',
};

type Check = (body: string, signature: string) => unknown;

const CHECKS: readonly (readonly [place: string, calls: number, check: Check])[] = [
  [
    SIGNATURE_FIELD,
    5,
    (body, text) =>
      authenticate(new Map([...new URLSearchParams(body), [SIGNATURE_FIELD, text]]), [['live', publicKey]]),
  ],
  [
    HASH_FIELD,
    50,
    (body, text) =>
      isLicenseRequest(new Map([...new URLSearchParams(body), [HASH_FIELD, text]]), [secrets.licenseKey]),
  ],
  [
    'X-FS-Signature',
    100,
    (body, text) => isWebhook(Buffer.from(body, 'latin1'), text, [secrets.webhookSecret]),
  ],
];

function timesOf(way: Way, calls: number, check: Check): Times {
  const body = way.body('573252');
  const right = way.signature(body, secrets);
  const [first, last] = [wrongAt(right, 0), wrongAt(right, right.length - 1)].map((bytes) =>
    bytes.toString(way.encoding),
  );
  // Otherwise neither of the two is nearly right.
  if (!check(body, right.toString(way.encoding)))
    throw new Error(`${way.name}: the right signature is refused`);
  const time = (text = '') => {
    const start = process.hrtime.bigint();
    for (let call = 0; call < calls; call++) check(body, text);
    return Number(process.hrtime.bigint() - start) / calls;
  };
  for (let warm = 0; warm < 200; warm++) time(warm % 2 === 0 ? first : last);
  const takes: number[] = [];
  const series = Array.from({ length: SERIES }, () =>
    Array.from({ length: PAIRS }, (_, pair) => {
      // Alternately, so that disturbances of the machine affect both.
      const [one, other] = pair % 2 === 0 ? [time(first), time(last)] : [time(last), time(first)];
      takes.push(one);
      return pair % 2 === 0 ? other - one : one - other;
    }),
  );
  const longer = series.map(median);
  const errors = series.map((differences, at) => {
    const spread = 1.4826 * median(differences.map((each) => Math.abs(each - (longer[at] ?? 0))));
    return (longer[at] ?? 0) / ((1.2533 * spread) / Math.sqrt(PAIRS) || 1);
  });
  return { name: way.place, takes: median(takes), longer, errors };
}

function wrongAt(bytes: Buffer, place: number): Buffer {
  const copy = Buffer.from(bytes);
  const byte = copy.readUInt8(place);
  // Less, never more: a value above the modulus is refused at once, and the modulus is public.
  copy.writeUInt8(byte === 0 ? 1 : byte >> 1, place);
  return copy;
}

const found = CHECKS.flatMap(([place, calls, check]) => {
  const way = WAYS.find((each) => each.place === place);
  return way === undefined ? [] : [timesOf(way, calls, check)];
});
process.stdout.write(JSON.stringify(found));
