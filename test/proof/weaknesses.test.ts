/** Controls weaken the code by replacing text. Moved code would break a control, which only a whole run would show. */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import test from 'ava';
import { CONTROLS } from '../../bench/soak/controls.ts';
import { type Weakness, weakenText } from './kit/weakening.ts';

const DECLARED = /^(?:export )?const [A-Z_]+: Weakness =/gm;

function faultOf(weakness: Weakness): string | undefined {
  try {
    const text = readFileSync(weakness.file, 'utf8');
    if (weakenText(text, weakness) === text) return `${weakness.file} stays as it is`;
    const strange = weakness.changes.flatMap(([, replace]) => strangersIn(replace, text));
    return strange.length > 0 ? `${weakness.file} does not know ${strange.join(', ')}` : undefined;
  } catch (error) {
    return String(error);
  }
}

/** Names in a replacement that neither the file nor the replacement nor the runtime has: renamed since. */
function strangersIn(replacement: string, file: string): string[] {
  const code = replacement.replace(/'[^'\n]*'|"[^"\n]*"|\/[^/\n]+\/(?=\.test)/g, "''");
  const own = [...code.matchAll(/(?:const|let) (\w+)|\(([\w, ]+)\) =>|(\w+):/g)].flatMap((match) =>
    match.slice(1).flatMap((names) => names?.split(', ') ?? []),
  );
  const known = new Set([
    ...(file.match(/\w+/g) ?? []),
    ...own,
    'const',
    'for',
    'if',
    'return',
    'true',
    'false',
    'null',
  ]);
  return (code.match(/(?<![.\w])[A-Za-z_]\w*/g) ?? []).filter(
    (name) => !known.has(name) && !(name in globalThis),
  );
}

function isWeakness(value: unknown): value is Weakness {
  return typeof value === 'object' && value !== null && 'file' in value && 'changes' in value;
}

for (const file of globSync('test/proof/**/*.ts', { exclude: ['**/*.test.ts'] })) {
  const declared = readFileSync(file, 'utf8').match(DECLARED)?.length ?? 0;
  if (declared === 0) continue;
  test(`${file}: each weakness is exported, and what it changes stands once in a file that exists`, async (t) => {
    const weaknesses = Object.values(await import(resolve(file))).filter(isWeakness);
    t.is(weaknesses.length, declared);
    t.deepEqual(
      weaknesses.flatMap((weakness) => faultOf(weakness) ?? []),
      [],
    );
  });
}

test('what a control of the soak changes stands once in a file that exists', (t) => {
  const weaknesses = CONTROLS.flatMap(({ around }): Weakness[] => {
    const { WEAKEN } = around.env ?? {};
    return WEAKEN === undefined ? [] : JSON.parse(WEAKEN);
  });
  t.true(weaknesses.length > 0);
  t.deepEqual(
    weaknesses.flatMap((weakness) => faultOf(weakness) ?? []),
    [],
  );
});

test('control: a file or a text that is gone, a text twice, a change to the same and an unknown name are found', (t) => {
  const file = 'test/proof/kit/weakening.ts';
  const faultWith = (find: string, replace = '', of = file) =>
    faultOf({ file: of, changes: [[find, replace]] });
  t.is(faultWith('export function weakenText(', 'function weakenText('), undefined);
  t.regex(faultWith('x', '', 'test/proof/kit/gone.ts') ?? '', /ENOENT/);
  t.regex(faultWith('this text is gone') ?? '', /holds 0 times/);
  t.regex(faultWith('export ') ?? '', /holds \d+ times/);
  t.regex(faultWith('weakenText(', 'weakenText(') ?? '', /stays as it is/);
  t.regex(
    faultWith('export function weakenText(', 'export function renamed(') ?? '',
    /does not know renamed/,
  );
});
