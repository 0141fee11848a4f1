import test from 'ava';
import { isReminded, reminderMoment, reminderTime } from '../../../src/domain/life/reminder.ts';
import { startOfDay } from '../../../src/domain/values/day.ts';
import { announcing } from '../../kit/announcing.ts';
import { codeOf, foundOf } from '../../kit/changed.ts';
import { recordOf } from '../../kit/records.ts';
import { MARKET, PLAIN_MINTER } from '../../kit/world.ts';

const ANNOUNCE = announcing({ remindBefore: 'P14D' });
const RULES = { announce: ANNOUNCE, minter: PLAIN_MINTER };
const LAST = '2027-03-15';
const TIME = startOfDay('2027-03-01');
const code = codeOf({ lastValid: LAST });

test('a customer is reminded a period before the last valid day, where product, marketplace and mode say so', (t) => {
  const pro = { product: 'pro', lastValid: LAST };
  t.is(reminderTime(pro, MARKET, RULES), TIME);
  t.is(reminderTime({ ...pro, lastValid: null }, MARKET, RULES), undefined);
  t.is(reminderTime(pro, MARKET, {}), undefined);
  t.is(reminderTime(pro, MARKET, { announce: announcing() }), undefined, 'no period');
  const unmailed = announcing({ mails: ['sold'], remindBefore: 'P14D' });
  t.is(reminderTime(pro, MARKET, { announce: unmailed }), undefined, 'no mail');
  const sales: unknown[] = [];
  reminderTime(pro, MARKET, {
    announce: {
      ...ANNOUNCE,
      remindBefore: (sale) => {
        sales.push(sale);
        return 'P14D';
      },
      mail: (topic, sale) => {
        sales.push(topic, sale);
        return { text: null };
      },
    },
  });
  t.deepEqual(sales, [{ product: 'pro', ...MARKET }, 'reminder', { product: 'pro', ...MARKET }]);
});

test('a license is reminded by the act in which its reminder falls due, and before its last valid day begins', (t) => {
  const reminded = (dueBefore: number | null, now: number, of = code) =>
    isReminded({ product: 'pro', code: of, dueBefore }, MARKET, RULES, now);
  t.true(reminded(TIME, TIME));
  t.true(reminded(TIME, TIME + 1));
  t.false(reminded(TIME, TIME - 1), 'it is not due yet');
  t.false(reminded(null, TIME), 'it waited for nothing');
  t.true(reminded(TIME - 5, TIME), 'it was due for something earlier');
  t.false(reminded(TIME - 5, TIME - 1), 'due for something earlier alone');
  t.false(reminded(TIME + 1, TIME + 1), 'reminded before: it waits for something later');
  t.true(reminded(TIME, startOfDay(LAST) - 1));
  t.false(reminded(TIME, startOfDay(LAST)), 'too late');
  t.false(reminded(TIME, TIME, codeOf({ lastValid: null })), 'it does not run out');
});

test('time is settled at the earliest due moment, where a license is due for its reminder', (t) => {
  const license = recordOf({ code, due: TIME });
  const moment = (licenses: readonly (typeof license)[], now: number, rules = RULES) =>
    reminderMoment(foundOf(licenses), rules, now);
  t.is(moment([license], TIME), TIME);
  t.is(moment([license], TIME - 1), undefined);
  t.is(moment([{ ...license, due: TIME - 5 }], TIME), undefined, 'due for something else');
  t.is(moment([{ ...license, due: null }], TIME), undefined);
  t.is(moment([license, { ...license, due: TIME - 5 }, { ...license, due: null }], TIME), TIME - 5);
  t.is(moment([license, { ...license, due: TIME + 5 }], TIME), TIME);
  t.is(moment([], TIME), undefined);
  t.is(reminderMoment(foundOf([license]), { minter: PLAIN_MINTER }, TIME), undefined);
});
