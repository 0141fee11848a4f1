/** The events of a webhook's body, each as it was written: what is kept must be what was received. */

/**
 * The text of each element of the array `name` of a JSON object, in order. The text must be valid JSON (parse it
 * first); undefined when the object has no such array. Linear in the length.
 */
export function sliceArray(json: string, name: string): string[] | undefined {
  let depth = 0;
  let key: string | undefined;
  let inArray = false;
  let start = -1;
  const slices: string[] = [];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') {
      const end = endOfString(json, i);
      if (depth === 1 && !inArray) key = json.slice(i + 1, end);
      if (inArray && depth === 2 && start < 0) start = i;
      i = end;
      continue;
    }
    if (character === '{' || character === '[') {
      if (depth === 1 && !inArray && character === '[' && key === name) inArray = true;
      else if (inArray && depth === 2 && start < 0) start = i;
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (inArray && depth === 1) {
        if (start >= 0) slices.push(json.slice(start, i).trim());
        return slices;
      }
    } else if (character === ',' && inArray && depth === 2) {
      slices.push(json.slice(start, i).trim());
      start = -1;
    } else if (inArray && depth === 2 && start < 0 && character !== undefined && !/\s/.test(character)) {
      start = i;
    }
  }
  return undefined;
}

function endOfString(json: string, start: number): number {
  for (let i = start + 1; i < json.length; i++) {
    if (json[i] === '\\') i += 1;
    else if (json[i] === '"') return i;
  }
  return json.length;
}
