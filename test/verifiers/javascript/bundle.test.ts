import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { build } from 'esbuild';
import { bundleGlobal, ENTRY } from '../../../verifiers/javascript/bundle.ts';
import { keyring, mint, PRODUCT, TODAY } from '../../kit/sample-codes.ts';

/** Of the room alone, minified; and of all of it, minified and gzipped. */
const MOST_OWN = 32_000;
const MOST_BYTES = 25_000;
const script = await bundleGlobal();
const text = Buffer.from(script).toString('utf8');

const EXPORTS = [
  'createReader',
  'explain',
  'findCodes',
  'loadRevocations',
  'newest',
  'parseKeyring',
  'refresh',
];

/** In a world that has the language and nothing else: no fetch, no timer, no TextEncoder, nothing of Node. */
function globalsIn(source: string): Record<string, never> {
  const world = {};
  runInNewContext(source, world);
  return world;
}

test('the room without its dependency is under 32 kB minified, and all of it under 25 kB gzipped', async (t) => {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    external: ['tweetnacl'],
    write: false,
  });
  const [own, all] = [outputFiles[0]!.contents.length, gzipSync(script, { level: 9 }).length];
  t.true(own < MOST_OWN, `${own} bytes`);
  t.true(all < MOST_BYTES, `${all} bytes`);
  t.true(script.length > MOST_OWN, 'control: tweetnacl alone is more, minified and not gzipped');
});

test('as a classic script it sets the one global mintmark, and needs nothing but the language', (t) => {
  const world = globalsIn(text);
  t.deepEqual(Object.keys(world), ['mintmark']);
  t.deepEqual(Object.keys(world['mintmark'] ?? {}).sort(), EXPORTS);
  const options = JSON.stringify({ product: PRODUCT, keyring, today: TODAY });
  const read = `${text};\nmintmark.createReader(${options}).read('${mint()}').verdict`;
  t.is(runInNewContext(read, {}), 'valid');
  t.throws(() => runInNewContext('new TextEncoder()', {}), { message: /TextEncoder/ }, 'control');
});

test('the script is plain ASCII, so no page’s encoding changes it', (t) => {
  t.regex(text, /^[\t\n\x20-\x7e]*$/);
});
