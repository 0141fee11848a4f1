/** The files of `src` that are read as they are: texts, and what browsers get. */
import { cpSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './places.ts';

const COMPILED = /\.ts$|(^|\/)tsconfig\.json$/;
/** Scripts of browsers are not compiled; all others are. */
const SCRIPT = /^(?!html\/assets\/).*\.js$/;

/** Paths below `src`, with slashes. */
export function listUncompiled(): readonly string[] {
  const src = join(ROOT, 'src');
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(src, join(parentPath, name)).replaceAll('\\', '/'))
    .filter((path) => !COMPILED.test(path) && !SCRIPT.test(path))
    .sort();
}

/** `target` has the compiled files. */
export function copyUncompiled(target: string): void {
  for (const path of listUncompiled()) cpSync(join(ROOT, 'src', path), join(target, 'src', path));
}
