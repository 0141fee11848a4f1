import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';

const room = new URL('../../src/license-code/', import.meta.url);
const ALLOWED = /^(\.\/[a-z0-9-]+\.ts|tweetnacl|base-x)$/;

function strangersIn(source: string): string[] {
  const imported = [...source.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'/gm)].map(
    (match) => match[1]!,
  );
  const named = [...source.matchAll(/\b(Buffer|process|require|__dirname)\b/g)].map((match) => match[1]!);
  return [...imported.filter((name) => !ALLOWED.test(name)), ...named];
}

test('src/license-code imports nothing from Node and nothing from the rest of src', (t) => {
  for (const name of readdirSync(room).filter((each) => each.endsWith('.ts'))) {
    t.deepEqual(strangersIn(readFileSync(new URL(name, room), 'utf8')), [], name);
  }
});

test('control: an import that is not portable is found', (t) => {
  const source =
    "import { a } from 'node:fs';\nimport b from '../errors.ts';\nexport { c } from 'koa';\nBuffer.from('');";
  t.deepEqual(strangersIn(source), ['node:fs', '../errors.ts', 'koa', 'Buffer']);
});
