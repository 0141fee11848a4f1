import test from 'ava';
import jsQR from 'jsqr';
import { qrSvg } from '../../src/message/qr-svg.ts';
import { cliOf } from '../kit/cli.ts';
import { mint } from '../kit/sample-codes.ts';
import { makeHome } from '../kit/service.ts';

const code = mint();
const SCALE = 4;

/** What a scanner reads in a picture of the SVG; `spoil` may black out modules. */
function scan(svg: string, spoil = (_row: number, _column: number) => false): string | undefined {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  const dark = new Set([...svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`));
  const width = size * SCALE;
  const pixels = new Uint8ClampedArray(4 * width * width).fill(255);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = [Math.floor(x / SCALE), Math.floor(y / SCALE)];
      if (dark.has(`${column} ${row}`) || spoil(row, column))
        pixels.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  }
  return jsQR.default(pixels, width, width)?.data;
}

test('a scanner reads the code, in a symbol of version 7', (t) => {
  const svg = qrSvg(code);
  t.is(scan(svg), code);
  t.true(svg.includes(`viewBox="0 0 ${45 + 8} ${45 + 8}"`));
  t.false(svg.includes(code));
});

test('a stain does not matter, and a large one does', (t) => {
  const svg = qrSvg(code);
  t.is(
    scan(svg, (row, column) => row > 25 && row < 32 && column > 25 && column < 32),
    code,
  );
  t.not(
    scan(svg, (row, column) => row > 15 && row < 40 && column > 15 && column < 40),
    code,
    'control',
  );
});

test('qr prints the SVG of the one code in a text, and refuses none and several', async (t) => {
  const cli = cliOf(makeHome(t));
  const { status, out } = await cli(['qr', '-'], { stdin: `Your code:\n> ${code}\n` });
  t.is(status, 0);
  t.is(out, qrSvg(code));
  t.regex((await cli(['qr', '-'], { stdin: 'none' })).err, /no license code/);
  t.regex(
    (await cli(['qr', '-'], { stdin: `${code}\n${mint({ seats: 9 })}` })).err,
    /There are several license codes in this text/,
  );
});
