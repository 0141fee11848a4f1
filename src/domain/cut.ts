/** Shortens a text that a person reads, such as a customer's name. */

/**
 * The whole graphemes (what a reader sees as one character: an emoji, a letter with its accents) from the start of the
 * text that have at most `longest` code points together. A single longer grapheme is cut between code points.
 */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Whether a grapheme ends there is decided by the text before it and one code point behind it.
  const points = [...text.slice(0, 2 * longest + 2)].slice(0, longest + 1);
  if (points.length <= longest) return text;
  const fitting = points.slice(0, longest).join('');
  const start = graphemes().segment(points.join('')).containing(fitting.length)?.index;
  return start ? text.slice(0, start) : fitting;
}

let segmenter: Intl.Segmenter | undefined;

/** Made at the first use: a start does not need it. */
function graphemes(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter;
}
