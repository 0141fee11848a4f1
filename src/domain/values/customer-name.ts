/** Names of customers: the only place that decides which text is one. */

/** In code points. A marketplace's longer name is cut, since a sale matters more than its end; a person's is refused. */
export const LONGEST_NAME = 200;

/** The name in what a person typed; undefined: an empty one would be the greeting of a mail, "Hello ,", or it is too long. */
export function readName(typed: string): string | undefined {
  const name = typed.trim();
  return name !== '' && [...name].length <= LONGEST_NAME ? name : undefined;
}

export const NAME_RULE = `a name of 1 to ${LONGEST_NAME} characters`;
