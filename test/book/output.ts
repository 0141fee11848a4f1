/** Compares what a command printed with what the page shows, but for what differs at each run. */

/** What is of one run: ids, codes, days, times, hashes, ports. In this order: the longest first. */
const OF_ONE_RUN: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9A-HJKMNP-TV-Z]{160}\b/g, 'CODE'],
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'LIST'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'ID'],
  [/\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b/g, 'FINGERPRINT'],
  [/\b\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME'],
  [/\b\d{4}-\d{2}-\d{2}\b/g, 'DAY'],
  [/\b\d{1,2} [A-Z][a-z]+ 20\d{2}\b/g, 'DAY'],
  [/\b[0-9a-f]{64}\b/g, 'KEY'],
  [/"x":"[\w-]{43}"/g, '"x":"KEY"'],
  [/"[\w-]{22}"/g, '"ETAG"'],
  [/\b(sub-|SIM)\d+/g, '$1NUMBER'],
  [/\b\d{10}\b/g, 'NUMBER'],
  [/127\.0\.0\.1:\d+/g, 'ADDRESS'],
];

/** The first line that the page shows and the run did not print next; undefined where all of it was printed. */
export function firstDifference(shown: string, printed: string): string | undefined {
  const given = linesOf(printed);
  let place = 0;
  let mayGap = true;
  for (const line of linesOf(shown)) {
    if (line === '...') {
      mayGap = true;
      continue;
    }
    const at = given.indexOf(line, place);
    if (at < 0 || (!mayGap && at !== place)) return line;
    place = at + 1;
    mayGap = false;
  }
  return undefined;
}

function linesOf(text: string): string[] {
  let same = text;
  for (const [pattern, word] of OF_ONE_RUN) same = same.replaceAll(pattern, word);
  return same
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}
