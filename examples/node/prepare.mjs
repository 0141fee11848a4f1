/**
 * `npm run example:node -- PRODUCT`: puts the package, the keyring and the product beside editor.mjs, so that there
 * `npm install && node editor.mjs CODE` works. Run it in the project's folder, after the first start made the keys.
 */
import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const [product = 'example'] = process.argv.slice(2);

run('npm', ['run', '-s', 'build:verify']);
const packed = JSON.parse(run('npm', ['pack', './dist/verify', '--json', '--pack-destination', HERE]));
renameSync(join(HERE, packed[0].filename), join(HERE, 'mintmark-verify.tgz'));
writeFileSync(join(HERE, 'keyring.json'), mintmark('keys', 'export'));
writeFileSync(join(HERE, 'product.json'), mintmark('products', 'export', product));
console.log(
  `examples/node is ready for ${product}:  cd examples/node && npm install && node editor.mjs CODE`,
);

function mintmark(...words) {
  return run('npm', ['run', '-s', 'mintmark', '--', ...words]);
}

function run(program, words) {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
