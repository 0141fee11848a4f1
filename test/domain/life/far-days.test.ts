/** No day that a fact tells makes minting throw: a license code holds days up to 2149-06-06. */
import test from 'ava';
import type { FactBody } from '../../../src/domain/facts/fact.ts';
import { licenseSubject } from '../../../src/domain/facts/license-subject.ts';
import { FIRST_DAY, holdable, isDay, LAST_DAY } from '../../../src/domain/values/day.ts';
import { dayNumber } from '../../../src/license-code/day.ts';
import { dayIn as fastSpringDay } from '../../../src/marketplaces/loose.ts';
import { dayIn as paddleDay, timeIn } from '../../../src/marketplaces/paddle-classic/values.ts';
import fc from '../../kit/fast-check.ts';
import { productOf } from '../../kit/product.ts';
import { at, PLAIN_MINTER, World } from '../../kit/world.ts';

const anyDay = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const farDay = fc.constantFrom('1970-01-01', FIRST_DAY, LAST_DAY, '2149-06-07', '2199-12-31', '9999-12-31');
const day = fc.oneof(anyDay, farDay);

const body: fc.Arbitrary<FactBody> = day.chain((until) =>
  fc.constantFrom<FactBody>(
    { kind: 'paid', until, sequence: null },
    { kind: 'dated', until, sequence: null, active: true },
    { kind: 'dated', until, sequence: null, trial: true },
    { kind: 'paused', last: until },
    { kind: 'canceled', last: until },
    { kind: 'deactivated', on: until },
    { kind: 'set-until', until },
    { kind: 'set-updates', until },
    { kind: 'refunded' },
  ),
);

const PRODUCTS = [
  productOf({ id: 'pro', term: 'P1M', grace: 'P3D', updates: 'P1Y' }),
  productOf({ id: 'basic', term: 'P1M', grace: 'P3D', ended: 'fallback' }),
  productOf({ id: 'app', term: 'perpetual', updates: 'P1Y' }),
];

/** Throws where a code says a day that its two bytes cannot hold, as the real minter does. */
function checkCodes(world: World): void {
  for (const { code } of world.records) {
    const { issued, lastValid, updatesUntil } = PLAIN_MINTER.entitlementOf(code);
    for (const each of [issued, lastValid, updatesUntil]) if (each !== null) dayNumber(each);
  }
}

test('whatever days facts tell, before or after the sale, each code says days that it can hold', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom('pro', 'basic', 'app'),
      fc.array(fc.tuple(body, fc.boolean(), day), { maxLength: 6 }),
      (product, told) => {
        const world = new World(PRODUCTS, at('2027-01-10'));
        const tell = ([each, isOfLicense, when]: (typeof told)[number], index: number) => {
          const [license] = world.records;
          const isOperators = each.kind === 'set-until' || each.kind === 'set-updates';
          const subject =
            license !== undefined && (isOfLicense || isOperators)
              ? licenseSubject(license.id)
              : ('subscription:S' as const);
          const time = { at: at(holdable(when)), key: String(index) };
          world.tell([world.fact(subject, each, time)]);
          checkCodes(world);
        };
        const half = told.length / 2;
        told.slice(0, half).forEach(tell);
        world.tell([
          world.fact('order:A', { kind: 'linked', subscription: 'S' }, { at: at('2027-01-01'), key: 'tie' }),
        ]);
        world.ask({ order: 'A', product });
        checkCodes(world);
        told.slice(half).forEach((each, index) => {
          tell(each, half + index);
        });
      },
    ),
  );
  t.pass();
});

test('control: a day that is let through stops the minting', (t) => {
  t.throws(() => dayNumber('2149-06-07'), { instanceOf: RangeError });
});

test('a reader tells a day that a license code can hold, or none', (t) => {
  const isHoldable = (each: string | undefined) =>
    each === undefined || (isDay(each) && each >= FIRST_DAY && each <= LAST_DAY);
  fc.assert(
    fc.property(day, (each) => {
      t.true(isHoldable(paddleDay(each)));
      t.true(isHoldable(paddleDay(`${each} 10:00:00`)));
      t.true(isHoldable(fastSpringDay(Date.parse(each))));
      const time = timeIn(`${each} 23:59:59`);
      t.true(time === undefined || isHoldable(new Date(time).toISOString().slice(0, 10)));
    }),
  );
  t.is(paddleDay('9999-12-31'), LAST_DAY, 'canceled for a far day is not canceled now');
});
