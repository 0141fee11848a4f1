import test from 'ava';
import { hasSmallOrder, isCanonical } from '../../src/license-code/small-order.ts';

/** Curve arithmetic in big integers (RFC 8032, 5.1.4) that computes the torsion points independently. */
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a: bigint) => ((a % P) + P) % P;
const D = mod(-121665n * power(121666n, P - 2n));

type Point = readonly [x: bigint, y: bigint];

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let e = exponent, b = mod(base); e > 0n; e >>= 1n, b = mod(b * b))
    if (e & 1n) result = mod(result * b);
  return result;
}

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const k = mod(D * x1 * x2 * y1 * y2);
  const x = mod((x1 * y2 + x2 * y1) * power(1n + k, P - 2n));
  return [x, mod((y1 * y2 + x1 * x2) * power(1n - k, P - 2n))];
}

function multiply(point: Point, factor: bigint): Point {
  let result: Point = [0n, 1n];
  for (let f = factor, p = point; f > 0n; f >>= 1n, p = add(p, p)) if (f & 1n) result = add(result, p);
  return result;
}

function pointAt(y: bigint): Point | null {
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  return mod(x * x) === square ? [x, y] : null;
}

function encode(y: bigint, sign: bigint): Uint8Array {
  const value = y | (sign << 255n);
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

test('all 8 independently computed torsion points are refused in each encoding', (t) => {
  const torsion = new Set<bigint>();
  let generator: Point | undefined;
  for (let y = 2n; generator === undefined; y++) {
    const point = pointAt(y);
    const candidate = point && multiply(point, L);
    if (candidate && multiply(candidate, 4n)[1] !== 1n) generator = candidate;
  }
  for (let i = 0n; i < 8n; i++) torsion.add(multiply(generator, i)[1]);
  t.is(torsion.size, 5);
  for (const y of torsion) {
    for (const sign of [0n, 1n]) {
      t.true(hasSmallOrder(encode(y, sign)), `${y}`);
      if (y + P < 2n ** 255n) t.true(hasSmallOrder(encode(y + P, sign)), `${y} + p`);
    }
  }
});

test('control: neighbours of torsion points and the base point are not refused', (t) => {
  const base = mod(4n * power(5n, P - 2n));
  for (const y of [base, 2n, P - 2n, P + 2n]) t.false(hasSmallOrder(encode(y, 0n)));
});

test('a y below p is canonical, with either sign bit', (t) => {
  for (const sign of [0n, 1n]) {
    t.true(isCanonical(encode(P - 1n, sign)));
    t.true(isCanonical(encode(P - 2n ** 200n, sign)));
    for (const y of [P, P + 1n, 2n ** 255n - 1n]) t.false(isCanonical(encode(y, sign)));
  }
});
