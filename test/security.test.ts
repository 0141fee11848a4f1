/** Holds SECURITY.md to what is there: each row of its tables names tests or proofs, and each of them is a file. */
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { runCli } from '../src/cli/run.ts';

const SECURITY = readFileSync('SECURITY.md', 'utf8');

test('each row of the threat model names a test or a proof, and each that it names is there', (t) => {
  t.deepEqual(faultsOf(SECURITY), []);
  t.true(rowsOf(SECURITY).length > 20);
});

test('each line of the security checklist names a test or a proof that is there', (t) => {
  const checklist = readFileSync('docs/security-checklist.md', 'utf8');
  t.deepEqual(faultsOf(checklist), []);
  t.true(rowsOf(checklist).length > 15);
});

test('the control: a row without a test, or with a missing test, is found', (t) => {
  const table = (cell: string) =>
    `| who | may try | shown by |\n|---|---|---|\n| a thief | all | ${cell} |\n`;
  t.deepEqual(faultsOf(table('`test/security.test.ts`')), []);
  t.deepEqual(faultsOf(table('common sense')), ['all: names no test']);
  t.deepEqual(faultsOf(table('`test/no.test.ts`')), ['all: there is no test/no.test.ts']);
  t.deepEqual(faultsOf(table('`README.md`')), ['all: names no test']);
});

test('each command that it tells is one', async (t) => {
  const told = new Set(SECURITY.match(/\b(?:keys|license|ledger|revocations) (?:[a-z]+)(?= [\dA-Z-])/g));
  t.true(told.size >= 6);
  for (const command of told) t.true(await isCommand(command), command);
  t.false(await isCommand('license burn'), 'the control');
});

/** Its help, which needs no settings, is its own and not that of its group. */
async function isCommand(command: string): Promise<boolean> {
  let out = '';
  const config = () => {
    throw new TypeError('help needs no settings');
  };
  const stdin = (async function* () {})();
  const context = {
    env: {},
    stdout: (text: string) => {
      out += text;
    },
    stderr: () => {},
    stdin,
    now: () => 0,
    config,
  };
  await runCli([...command.split(' '), '--help'], context);
  return out.includes(`Usage: mintmark ${command} `);
}

function faultsOf(markdown: string): string[] {
  return rowsOf(markdown).flatMap((cells) => {
    const named = [...(cells.at(-1) ?? '').matchAll(/`((?:test|proof)\/[^`]+)`/g)].map(
      ([, file]) => file ?? '',
    );
    if (named.length === 0) return [`${cells[1]}: names no test`];
    return named.filter((file) => !existsSync(file)).map((file) => `${cells[1]}: there is no ${file}`);
  });
}

/** The rows of the tables whose last column is "shown by". */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n\n')
    .filter((part) => /^\|.*\| shown by \|\n/.test(part))
    .flatMap((part) => part.trim().split('\n').slice(2))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
