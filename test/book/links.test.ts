/** The book: README.md, the pages of docs/ and what links to them. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import test from 'ava';

const MOST_LINES_OF_README = 200;

const pages = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n');

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const words = heading.replaceAll(/[`*]|\]\([^)]*\)|\[/g, '').toLowerCase();
    anchors.add(
      words
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    );
  }
  return anchors;
}

function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '');
}

/** The links of a page that lead nowhere. */
function deadLinks(page: string, text: string, read: (path: string) => string | undefined): string[] {
  const dead: string[] = [];
  for (const [, link = ''] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    const there = path === '' ? text : read(target);
    if (there === undefined || (anchor !== undefined && !anchorsOf(there).has(anchor))) {
      dead.push(`${page}: ${link}`);
    }
  }
  return dead;
}

function readPage(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return path.endsWith('.md') ? readFileSync(path, 'utf8') : '';
}

test('every link of a page leads to a file and a heading that are there', (t) => {
  t.deepEqual(
    pages.flatMap((page) => deadLinks(page, readFileSync(page, 'utf8'), readPage)),
    [],
  );
  const text = '# One Thing\n[a](#one-thing) [b](#two) [c](b.md#in-b) [d](c.md) [e](b.md#other)';
  const read = (path: string) => (path === 'docs/b.md' ? '## In `b`' : undefined);
  t.deepEqual(
    deadLinks('docs/a.md', text, read),
    ['docs/a.md: #two', 'docs/a.md: c.md', 'docs/a.md: b.md#other'],
    'the control',
  );
});

test('every page of docs/ can be reached from README by links', (t) => {
  const reached = new Set<string>();
  const visit = (page: string) => {
    if (reached.has(page)) return;
    reached.add(page);
    const text = readPage(page);
    if (text === undefined) return;
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s#]+\.md)(?:#[^)\s]*)?\)/g)) {
      if (!/^[a-z]+:/.test(link)) visit(normalize(join(dirname(page), link)));
    }
  };
  visit('README.md');
  t.deepEqual(
    pages.filter((page) => page.startsWith('docs/') && !reached.has(page)),
    [],
  );
});

test(`README has at most ${MOST_LINES_OF_README} lines`, (t) => {
  t.true(readFileSync('README.md', 'utf8').split('\n').length <= MOST_LINES_OF_README);
});

test('a page that a comment cites exists', (t) => {
  const cited = (text: string) =>
    [...text.matchAll(/\b([\w./-]*[\w-]+\.md)\b/g)].map(([, path = '']) => path);
  const sources = execFileSync('git', ['ls-files', 'src/**/*.ts', 'test/kit/**/*.ts', 'bench/*.ts'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
  const missing = sources.flatMap((source) => {
    const comments = readFileSync(source, 'utf8').match(/\/\*\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*/gm) ?? [];
    return cited(comments.join('\n'))
      .filter((path) => !existsSync(path) && !existsSync(join(dirname(source), path)))
      .map((path) => `${source}: ${path}`);
  });
  t.deepEqual(missing, []);
  t.deepEqual(
    cited('see docs/life.md and ARCHITECTURE.md'),
    ['docs/life.md', 'ARCHITECTURE.md'],
    'the control',
  );
});
