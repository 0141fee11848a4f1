/** The filter `link`: `{{ code | link: "acme://activate" }}` is a link that opens the program with the code. */

/** A scheme as in CommonMark's autolinks (0.31, 6.5), without characters that could end the link or its address. */
const ADDRESS = /^[A-Za-z][A-Za-z0-9+.-]{1,31}:\/\/[^\s<>?#"'`\\\p{Cc}]*$/u;

/** A link that the text itself makes: the only value that is printed as Markdown. */
export class Autolink {
  readonly address: string;

  /** An address without `<`, `>` and white space. */
  constructor(address: string) {
    this.address = address;
  }

  get markdown(): string {
    return `<${this.address}>`;
  }
}

/** Throws an Error in words for the text's author where the address cannot carry a code. */
export function openingLink(code: string, address: string): Autolink {
  if (!ADDRESS.test(address)) {
    throw new Error('the filter "link" takes an address without ? and #, such as "acme://activate"');
  }
  return new Autolink(`${address}?code=${encodeURIComponent(code)}`);
}
