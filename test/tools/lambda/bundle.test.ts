import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { bundle } from '../../../tools/lambda/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'mintmark-bundle-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('the bundle of Lambda has nothing that is compiled for one machine, and SQLite of Node.js instead', async (t) => {
  const inputs = await bundle(folder);
  const packages = inputs.flatMap((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []);
  t.false(packages.includes('better-sqlite3'));
  t.false(packages.includes('serverless-http'));
  t.true(inputs.includes('src/storage/node-sqlite.ts'));
  t.true(packages.includes('pg'), 'the control: packages are seen');
  const files = readdirSync(folder);
  t.true(files.includes('handler.mjs'));
  t.true(files.every((name) => name.endsWith('.mjs')));
});
