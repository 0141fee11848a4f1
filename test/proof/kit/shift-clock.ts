/** Loaded before a service: shifts its clock by the offset in the file CLOCK, also while it runs. */
import { readFileSync } from 'node:fs';
import { LOOK_MILLISECONDS } from './clock.ts';

const file = process.env['CLOCK'] ?? '';
const ownNow = Date.now;
let shift = 0;
let looked = Number.NEGATIVE_INFINITY;

/** The file is read at intervals, since the clock is read often. */
function now(): number {
  if (performance.now() - looked > LOOK_MILLISECONDS) {
    shift = Number(readFileSync(file, 'utf8'));
    looked = performance.now();
  }
  return ownNow() + shift;
}

globalThis.Date = new Proxy(Date, {
  construct: (target, given, self) => Reflect.construct(target, given.length === 0 ? [now()] : given, self),
  apply: () => new Date(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
