import test from 'ava';
import { crc16 } from '../../src/license-code/crc16.ts';

test('crc16 returns the check value of CRC-16/CCITT-FALSE', (t) => {
  t.is(crc16(new TextEncoder().encode('123456789')), 0x29b1);
  t.is(crc16(new Uint8Array()), 0xffff);
});

test('a given length limits the CRC to the first bytes', (t) => {
  t.is(crc16(new TextEncoder().encode('123456789 and more'), 9), 0x29b1);
});
