/** Shortens text for people, such as a customer's name. */

/**
 * Cuts a text after whole graphemes (an emoji, a letter with its accents), at most `longest` code points. A
 * single longer grapheme is cut between code points.
 */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // The text before a place and one code point after it decide whether a grapheme ends there.
  const near = text.slice(0, 2 * longest + 2);
  const fitting = [...near].slice(0, longest).join('');
  const start = graphemes().segment(near).containing(fitting.length)?.index;
  return start ? text.slice(0, start) : fitting;
}

let segmenter: Intl.Segmenter | undefined;

/** Created at the first use: the start does not need it. */
function graphemes(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter('en');
  return segmenter;
}
