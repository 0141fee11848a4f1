import { readFileSync } from 'node:fs';
import test from 'ava';
import { runCli } from '../../src/cli/run.ts';
import { AppError } from '../../src/errors.ts';
import { cliOf } from '../kit/cli.ts';
import { makeHome } from '../kit/service.ts';

const COMMANDS = ['keys', 'products', 'preview', 'issue', 'read', 'ledger', 'simulate'];

const LEAVES = [
  'preview',
  'issue',
  'read',
  'ledger find',
  'ledger check',
  'ledger backup',
  'simulate paddle-classic',
  'products check',
];

test('--help lists all commands and an example, is exit status 0, and needs no settings', async (t) => {
  const { status, out } = await bare(['--help']);
  t.is(status, 0);
  for (const command of COMMANDS) t.regex(out, new RegExp(`^ {2}${command}\\b`, 'm'));
  t.regex(out, /npm run -s mintmark -- simulate paddle-classic example --quantity 3/);
});

test('--version prints the version of package.json, is exit status 0, and needs no settings', async (t) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  const said = await bare(['--version']);
  t.deepEqual([said.status, said.out], [0, `${version}\n`]);
  t.regex(version, /^\d+\.\d+\.\d+$/);
});

for (const command of LEAVES) {
  test(`${command} --help has --json and an example, is exit status 0, and needs no settings`, async (t) => {
    const { status, out } = await bare([...command.split(' '), '--help']);
    t.is(status, 0);
    t.regex(out, /--json/);
    t.true(out.includes(`$ npm run -s mintmark -- ${command}`), out);
  });
}

test('no command, an unknown one, or an unknown option is exit status 1 and says what there is', async (t) => {
  t.is((await bare([])).status, 1);
  const unknown = await bare(['isue', 'app']);
  t.is(unknown.status, 1);
  t.regex(unknown.err, /unknown command 'isue'\n\(Did you mean issue\?\)\nAdd --help/);
  const option = await bare(['read', 'x', '--product', 'app', '--jsn']);
  t.is(option.status, 1);
  t.regex(option.err, /unknown option '--jsn'\n.*\nAdd --help to see what the command takes\./);
  t.is((await bare(['ledger'])).status, 1);
});

test('faulty settings are exit status 1 with the settings’ own message', async (t) => {
  const said = await cliOf(makeHome(t))(['issue', 'app', '--order', '1'], {
    config: () => {
      throw new AppError('bad_configuration', 'The settings have faults:\nPORT: write a port', {
        detail: 'detail',
      });
    },
  });
  t.is(said.status, 1);
  t.is(said.err, 'The settings have faults:\nPORT: write a port\ndetail\n');
});

test('a fault of Mintmark’s own is exit status 1 and told as such, with its stack', async (t) => {
  const said = await cliOf(makeHome(t))(['issue', 'app', '--order', '1'], {
    config: () => {
      throw new TypeError('oops');
    },
  });
  t.is(said.status, 1);
  t.regex(said.err, /^A fault in Mintmark itself: TypeError: oops\n\s+at /);
});

/** A command line in a world without settings. */
async function bare(words: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const status = await runCli(words, {
    env: {},
    stdout: (text) => {
      said.out += text;
    },
    stderr: (text) => {
      said.err += text;
    },
    stdin: (async function* () {})(),
    now: Date.now,
    config: () => {
      throw new Error('the settings were read');
    },
  });
  return { status, ...said };
}

test('a marketplace or a migration that is not there is answered with those that are', async (t) => {
  const cli = cliOf(makeHome(t));
  const reconcile = await cli(['reconcile', 'stripes', '--since', '2026-11-01']);
  t.is(reconcile.status, 1);
  t.regex(reconcile.err, /^There is no marketplace stripes\. There are: paddle-classic, .*stripe/);
  const migrate = await cli(['migrate', 'nope', 'map.csv']);
  t.is(migrate.status, 1);
  t.regex(migrate.err, /^There is no migration nope\. There are: \S+\.\n$/);
});
