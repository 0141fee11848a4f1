/** Bundles the package with its dependency, minified, as a page or a program's bundler would. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const ENTRY = 'src/license-code/mintmark-verify.ts';

/** The oldest language that the package is written in. */
const TARGET = 'es2020';

/** A classic script that sets the global `mintmark`, so that a page works from file:// too. */
export async function bundleGlobal(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'mintmark',
    platform: 'browser',
    target: TARGET,
    charset: 'ascii',
    legalComments: 'none',
    write: false,
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild made no file');
  return script.contents;
}
