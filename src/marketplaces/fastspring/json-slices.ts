/** The verbatim events of a webhook's body: the ledger stores what was received. */

/**
 * The text of each element of the array `name` of a JSON object, in order. The text must be valid JSON of an object
 * whose `name` is an array (parse it first). Undefined for a repeated name, in whatever spelling: a parser takes the
 * last and silently loses the elements of the others. Linear in the length.
 */
export function sliceArray(json: string, name: string): string[] | undefined {
  let depth = 0;
  let key: string | undefined;
  let inArray = false;
  let start = -1;
  let slices: string[] | undefined;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') {
      const end = endOfString(json, i);
      if (depth === 1) key = json.slice(i, end + 1);
      if (inArray && depth === 2 && start < 0) start = i;
      i = end;
    } else if (character === ':' && depth === 1) {
      // Only now it is certain that the text before is a key.
      if (key === undefined || JSON.parse(key) !== name) continue;
      if (slices !== undefined) return undefined;
      slices = [];
      inArray = true;
    } else if (character === '{' || character === '[') {
      if (inArray && depth === 2 && start < 0) start = i;
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (!inArray || depth !== 1) continue;
      if (start >= 0) slices?.push(json.slice(start, i).trim());
      inArray = false;
    } else if (character === ',' && inArray && depth === 2) {
      slices?.push(json.slice(start, i).trim());
      start = -1;
    } else if (inArray && depth === 2 && start < 0 && character !== undefined && !/\s/.test(character)) {
      start = i;
    }
  }
  return slices;
}

function endOfString(json: string, start: number): number {
  for (let i = start + 1; i < json.length; i++) {
    if (json[i] === '\\') i += 1;
    else if (json[i] === '"') return i;
  }
  return json.length;
}
