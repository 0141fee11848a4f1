/** A license code as the SVG of a QR code (ISO/IEC 18004). */
import qrcode from 'qrcode-generator';

/** 160 characters in alphanumeric mode, with error correction for 15 %: version 7 at level M holds 178. */
const VERSION = 7;
const LEVEL = 'M';

/** Modules of white border: scanners need it to find the symbol. */
const QUIET_ZONE = 4;

/** One scalable path on white. No text in the file contains the code. */
export function qrSvg(code: string): string {
  const symbol = qrcode(VERSION, LEVEL);
  symbol.addData(code, 'Alphanumeric');
  symbol.make();
  const size = symbol.getModuleCount();
  const places = Array.from({ length: size }, (_, place) => place);
  const path = places.flatMap((row) =>
    places
      .filter((column) => symbol.isDark(row, column))
      .map((column) => `M${column + QUIET_ZONE} ${row + QUIET_ZONE}h1v1h-1z`),
  );
  const whole = size + 2 * QUIET_ZONE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${whole}" shape-rendering="crispEdges" role="img" aria-label="License code as a QR code">`,
    `<rect width="${whole}" height="${whole}" fill="#fff"/>`,
    `<path d="${path.join('')}"/>`,
    '</svg>\n',
  ].join('\n');
}
