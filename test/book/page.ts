/**
 * The commands that a page shows. A block of `sh` is run; the block without a language right after it is its output.
 * An HTML comment right above a block of `sh` says what the page's words say and a shell cannot know:
 *
 *     <!-- run: no, REASON -->          the block cannot run here
 *     <!-- run: start -->               the block starts the service: it goes to the background
 *     <!-- run: restart -->             start the service again after the block
 *     <!-- run: status 1 -->            the block ends with this status
 *     <!-- run: NAME=SHELL -->          what the reader puts in the place of NAME
 *     <!-- run: first, SHELL -->        what has happened before: a sale, a reader's file
 *     <!-- run: file PATH -->           above a block of any language: the reader writes it to this file
 */
export interface Block {
  /** From 1, in the page. */
  readonly line: number;
  readonly commands: string;
  readonly output: string | undefined;
  readonly skip: string | undefined;
  /** The file that the block is written to, instead of being run. */
  readonly file: string | undefined;
  readonly before: readonly string[];
  readonly starts: boolean;
  readonly restarts: boolean;
  readonly status: number;
  readonly values: readonly (readonly [name: string, shell: string])[];
}

interface Fence {
  readonly language: string;
  readonly text: string;
  readonly begin: number;
  readonly end: number;
}

/** Throws an Error that names the line for a comment that says nothing known. */
export function blocksOf(page: string): readonly Block[] {
  const lines = page.split('\n');
  const fences = fencesOf(lines);
  return fences.flatMap((fence, place) => {
    const words = directivesAbove(lines, fence.begin);
    if (fence.language !== 'sh' && !words.some((each) => each.startsWith('file '))) return [];
    const next = fences[place + 1];
    const isOutput =
      next?.language === '' && lines.slice(fence.end + 1, next.begin).every((line) => line === '');
    return [{ ...readDirectives(words, fence), output: isOutput ? next.text : undefined }];
  });
}

function fencesOf(lines: readonly string[]): Fence[] {
  const fences: Fence[] = [];
  let open: { marks: string; indent: string; language: string; begin: number } | undefined;
  for (const [place, line] of lines.entries()) {
    const [, indent = '', marks = '', language = ''] = /^( *)(`{3,})(\w*)\s*$/.exec(line) ?? [];
    if (open === undefined) {
      if (marks !== '') open = { marks, indent, language, begin: place };
    } else if (marks === open.marks && language === '') {
      const { indent: left, begin } = open;
      const text = lines
        .slice(begin + 1, place)
        .map((each) => (each.startsWith(left) ? each.slice(left.length) : each))
        .join('\n');
      fences.push({ language: open.language, text, begin, end: place });
      open = undefined;
    }
  }
  return fences;
}

function directivesAbove(lines: readonly string[], fence: number): string[] {
  const directives: string[] = [];
  for (let place = fence - 1; place >= 0; place--) {
    const [, words] = /^ *<!-- run: (.*) -->$/.exec(lines[place] ?? '') ?? [];
    if (words === undefined) break;
    directives.unshift(words);
  }
  return directives;
}

function readDirectives(directives: readonly string[], { text, begin }: Fence): Omit<Block, 'output'> {
  let skip: string | undefined;
  let file: string | undefined;
  let starts = false;
  let restarts = false;
  let status = 0;
  const values: [string, string][] = [];
  const before: string[] = [];
  for (const words of directives) {
    const [, reason] = /^no, (.+)$/.exec(words) ?? [];
    const [, number] = /^status (\d+)$/.exec(words) ?? [];
    const [, path] = /^file (\S+)$/.exec(words) ?? [];
    const [, first] = /^first, (.+)$/.exec(words) ?? [];
    const [, name, shell] = /^([A-Z]+)=(.+)$/.exec(words) ?? [];
    if (reason !== undefined) skip = reason;
    else if (path !== undefined) file = path;
    else if (first !== undefined) before.push(first);
    else if (words === 'start') starts = true;
    else if (words === 'restart') restarts = true;
    else if (number !== undefined) status = Number(number);
    else if (name !== undefined && shell !== undefined) values.push([name, shell]);
    else throw new Error(`line ${begin}: nothing is known of "run: ${words}"`);
  }
  return { line: begin + 1, commands: text, skip, file, before, starts, restarts, status, values };
}
