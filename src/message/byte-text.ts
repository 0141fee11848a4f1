/** Sizes of files for people, by thousands: `84 MB`. */
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** `language`: ISO 639-1; its sign between digits is used. */
export function byteText(bytes: number, language = 'en'): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** step;
  const unit = UNITS[step] ?? 'byte';
  const digits = value >= 10 || step === 0 ? 0 : 1;
  return new Intl.NumberFormat(language, {
    ...{ style: 'unit', unit, maximumFractionDigits: digits },
    unitDisplay: 'short',
  }).format(value);
}
