/** Bundles the handler of Lambda (src/service/lambda.ts) with what it imports, by esbuild. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What esbuild turns into a bundled module only if it is the global `require`. */
const OWN_REQUIRE = /^const require = createRequire\(import\.meta\.url\);$/m;

const globalRequire: Plugin = {
  name: 'global require',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(OWN_REQUIRE, ''),
      loader: 'ts',
    }));
  },
};

/** For packages in CommonJS; each file of the bundle has its own. */
const BANNER = `import { createRequire as createRequireOf } from 'node:module';
const require = createRequireOf(import.meta.url);`;

/** Writes `handler.mjs` and its parts, which are loaded when they are needed. Returns the bundled files of packages. */
export async function bundle(outdir: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { handler: join(ROOT, 'src/service/lambda.ts') },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    outExtension: { '.js': '.mjs' },
    // Compiled for one machine; the ledger is on PostgreSQL, and Node.js has an SQLite for working memory.
    alias: { 'better-sqlite3': join(ROOT, 'src/storage/node-sqlite.ts') },
    external: ['pg-native'],
    banner: { js: BANNER },
    plugins: [globalRequire],
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}
