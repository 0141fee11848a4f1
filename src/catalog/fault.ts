/** A fault of a file that the seller writes, and the faults that every such file can have. */

export interface Fault {
  /** In the file, from 1. */
  readonly line: number;
  readonly message: string;
}

/** Decodes the file and unifies its line ends; or the fault of a character that no such file has. */
export function readText(bytes: Uint8Array): string | Fault {
  const text = new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n');
  const position = text.search(/\ufffd|(?![\n\t])\p{Cc}/u);
  if (position < 0) return text;
  const message =
    text[position] === '\ufffd'
      ? 'is not UTF-8 here: save the file as UTF-8'
      : 'has a control character here: remove it';
  return { line: lineAt(text, position), message };
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
