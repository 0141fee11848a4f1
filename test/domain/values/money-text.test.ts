import test from 'ava';
import { decimalsOf, moneyText } from '../../../src/domain/values/money-text.ts';

test('an amount has the decimals of its currency, and two where the currency is not known', (t) => {
  t.is(moneyText(19.9, 'EUR'), '19.90 EUR');
  t.is(moneyText(500, 'JPY'), '500 JPY');
  t.is(moneyText(500, 'KRW'), '500 KRW');
  t.is(moneyText(1.5, 'KWD'), '1.500 KWD');
  t.is(moneyText(1.5, null), '1.50');
  t.is(moneyText(1.5, undefined), '1.50');
  t.is(decimalsOf('HUF'), 2);
});
