import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ROOT } from '../../../tools/package/places.ts';
import { copyUncompiled, listUncompiled } from '../../../tools/package/uncompiled.ts';
import { temporaryFolder } from '../../kit/service.ts';

const SRC = join(ROOT, 'src');

test('every file of src is compiled into the package or copied to it', (t) => {
  const copied = listUncompiled();
  const left = readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts') && entry.name !== 'tsconfig.json')
    .map(({ parentPath, name }) => join(parentPath, name).slice(SRC.length + 1))
    .filter((name) => !copied.includes(name));
  t.deepEqual(left.sort(), ['cli/bin.js', 'launch.js'], 'what tsc compiles');
  t.true(copied.includes('html/assets/console.js'), 'scripts of browsers are not compiled');
});

test('the texts of pages and mails are in the package, as they are here', (t) => {
  const target = temporaryFolder(t);
  copyUncompiled(target);
  for (const name of ['customer/texts/en.yaml', 'html/assets/mintmark.css'])
    t.deepEqual(readFileSync(join(target, 'src', name)), readFileSync(join(SRC, name)));
  t.false(existsSync(join(target, 'src/launch.js')), 'a compiled script is not replaced');
});
