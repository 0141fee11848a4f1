/** The only way for an address from outside into `href`. */

const ALLOWED = new Set(['https:', 'http:', 'mailto:']);

/** The address, or `#` for a scheme that could run something. Paths of this site begin with one slash. */
export function href(address: string): string {
  if (/^\/(?![/\\])/.test(address) || /^[#?]/.test(address)) return address;
  try {
    return ALLOWED.has(new URL(address).protocol) ? address : '#';
  } catch {
    return '#';
  }
}
