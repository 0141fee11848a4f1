/**
 * Before `npm pack`: compiles `src` to `dist/mintmark`, since Node.js strips no types below `node_modules`, and puts
 * the published manifest in the place of package.json until `postpack` restores it.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedManifest } from './manifest.ts';
import { MANIFEST, ROOT, SAVED, TARGET } from './places.ts';
import { copyUncompiled } from './uncompiled.ts';

// An interrupted `npm pack` left the published manifest behind.
if (existsSync(SAVED)) renameSync(SAVED, MANIFEST);

rmSync(TARGET, { recursive: true, force: true });
const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [compiler, '-p', join(ROOT, 'tools/package/tsconfig.json')], {
  stdio: 'inherit',
});
for (const file of ['data/products/example.md', '.env.example']) cpSync(join(ROOT, file), join(TARGET, file));
copyUncompiled(TARGET);

const manifest = publishedManifest(JSON.parse(readFileSync(MANIFEST, 'utf8')));
copyFileSync(MANIFEST, SAVED);
const text = `${JSON.stringify(manifest, null, 2)}\n`;
writeFileSync(join(TARGET, 'package.json'), text);
writeFileSync(MANIFEST, text);
