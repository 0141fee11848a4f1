/** Holds the directions in which src/ may import (docs/architecture.md, The rooms), each rule with a control that breaks it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import test from 'ava';

interface Source {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** What is wrong with a file, or nothing. */
type Rule = (source: Source) => readonly string[];

const SOURCES = sourcesIn('src');
const TESTS = sourcesIn('test');

function sourcesIn(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({
      path: `${folder}/${file.replaceAll('\\', '/')}`,
      text: readFileSync(join(folder, file), 'utf8'),
    }));
}

const LONGEST_FILE = 250;

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`, also over several lines. */
const IMPORT =
  /\b(?:import|export)\s+(?:type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?'([^']+)'|\bimport\(\s*['"`]([^'"`]+)['"`]\s*\)/g;

function importsOf({ path, text }: Source): string[] {
  return [...text.matchAll(IMPORT)].map(([, still, dynamic]) => {
    const name = still ?? dynamic ?? '';
    return name.startsWith('.') ? posix.join(dirname(path), name) : name;
  });
}

/** In a folder (or file), only imports that match. */
const only =
  (room: string, allowed: RegExp): Rule =>
  (source) =>
    source.path.startsWith(room) ? importsOf(source).filter((name) => !allowed.test(name)) : [];

/** In a folder (or file), no import that matches. */
const never =
  (room: string, forbidden: RegExp): Rule =>
  (source) =>
    source.path.startsWith(room) ? importsOf(source).filter((name) => forbidden.test(name)) : [];

const MARKETPLACE_FOLDERS = readdirSync('src/marketplaces', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/**
 * The first word of a marketplace's name, as in `PADDLE_CLASSIC_PUBLIC_KEY` or `paddleKeys`; the whole name in the folder
 * of another marketplace of the same company.
 */
function namePattern(folder: string, own: string | undefined): string {
  const [company = folder] = folder.split('-');
  return own?.split('-')[0] === company ? folder.replaceAll('-', '[-_ ]?') : company;
}

const SEES_ENVIRONMENT = /^src\/main\.ts$|^src\/service\/(config|settings|lambda)\.ts$|^src\/cli\//;

/** Each imports the rooms before it, and what they share: the files of src/domain itself. */
const ROOMS_OF_DOMAIN = [
  'values',
  'facts',
  'ports',
  'sales',
  'money',
  'subscriptions',
  'life',
  'flags',
  'requests',
  'announcements',
  'desk',
];

function domainRoom(path: string): string | undefined {
  return /^src\/domain\/([^/]+)\//.exec(path)?.[1];
}

const RULES: Readonly<Record<string, { rule: Rule; control: Source }>> = {
  'the domain imports itself, the errors and temporal-polyfill': {
    rule: only('src/domain/', /^(src\/domain\/|src\/errors\.ts$|temporal-polyfill$)/),
    control: { path: 'src/domain/x.ts', text: "import { x } from '../storage/sqlite/open.ts';" },
  },
  'a room of the domain imports no room that comes after it': {
    rule: (source) => {
      const own = domainRoom(source.path);
      if (own === undefined) return [];
      const last = ROOMS_OF_DOMAIN.indexOf(own);
      return importsOf(source).filter((name) => {
        const room = domainRoom(name);
        return room !== undefined && !(ROOMS_OF_DOMAIN.indexOf(room) <= last);
      });
    },
    control: { path: 'src/domain/money/x.ts', text: "import { x } from '../life/outcome.ts';" },
  },
  'license-code imports itself, tweetnacl and base-x: nothing of the server, nothing of Node': {
    rule: only('src/license-code/', /^(src\/license-code\/|tweetnacl$|base-x$)/),
    control: { path: 'src/license-code/x.ts', text: "import { verify } from 'node:crypto';" },
  },
  'license-code uses no global of Node': {
    rule: ({ path, text }) =>
      path.startsWith('src/license-code/')
        ? (withoutComments(text).match(/\b(Buffer|process|require|__dirname|setImmediate)\b/g) ?? [])
        : [],
    control: { path: 'src/license-code/x.ts', text: 'export const x = Buffer.alloc(1);' },
  },
  'a marketplace never imports another marketplace': {
    rule: (source) => {
      const [, own] = /^src\/marketplaces\/([^/]+)\//.exec(source.path) ?? [];
      if (own === undefined) return [];
      return importsOf(source).filter((name) => {
        const [, other] = /^src\/marketplaces\/([^/]+)\//.exec(name) ?? [];
        return other !== undefined && other !== own;
      });
    },
    control: {
      path: 'src/marketplaces/fastspring/x.ts',
      text: "import type { x } from '../paddle-classic/reply.ts';",
    },
  },
  'outside of its own folder and of all.ts, no code names a marketplace': {
    rule: ({ path, text }) => {
      if (path === 'src/marketplaces/all.ts') return [];
      const [, own] = /^src\/marketplaces\/([^/]+)\//.exec(path) ?? [];
      const others = MARKETPLACE_FOLDERS.filter((folder) => folder !== own);
      const patterns = new Set(others.map((folder) => namePattern(folder, own)));
      return [...patterns].flatMap((pattern) => withoutComments(text).match(new RegExp(pattern, 'gi')) ?? []);
    },
    control: {
      path: 'src/cli/x.ts',
      text: "export const isFolded = (name: string) => name === 'fastspring';",
    },
  },
  'a marketplace imports nothing of http, storage, keyring or cli': {
    rule: never('src/marketplaces/', /^src\/(http|storage|keyring|cli)\//),
    control: { path: 'src/marketplaces/fastspring/x.ts', text: "import { x } from '../../http/form.ts';" },
  },
  'http knows marketplaces only through their port and the form of signed calls': {
    rule: never('src/http/', /^src\/marketplaces\/(?!(marketplace|form)\.ts$)/),
    control: {
      path: 'src/http/x.ts',
      text: "import {\n  x,\n} from '../marketplaces/paddle-classic/reply.ts';",
    },
  },
  'http imports nothing of storage or cli, and of keyring only the lists that it publishes': {
    rule: never(
      'src/http/',
      /^src\/(storage|cli)\/|^src\/keyring\/(?!revocation-publisher\.ts$)|^better-sqlite3$/,
    ),
    control: { path: 'src/http/x.ts', text: "export { x } from '../storage/sqlite/open.ts';" },
  },
  'http/edge is around the endpoints and imports none of them': {
    rule: never('src/http/edge/', /^src\/http\/(?!edge\/|running-service\.ts$)/),
    control: { path: 'src/http/edge/x.ts', text: "import { x } from '../refresh.ts';" },
  },
  'only http/edge/routes.ts has a router, which takes described endpoints and pages for people, and nothing else':
    {
      rule: (source) =>
        source.path === 'src/http/edge/routes.ts'
          ? []
          : (source.text.match(/@koa\/router|\.koa\/router/g) ?? []),
      control: { path: 'src/app.ts', text: "const { Router } = require('@koa/router');" },
    },
  'zod-openapi is loaded with the document, at the first request for it': {
    rule: ({ path, text }) =>
      path === 'src/http/openapi/document.ts'
        ? []
        : (text.match(
            /^import (?!type\b)[^;']*'(?:zod-openapi|[\w./-]*openapi\/document\.ts|\.\/document\.ts)'/gm,
          ) ?? []),
    control: { path: 'src/app.ts', text: "import { openApiDocument } from './http/openapi/document.ts';" },
  },
  'storage imports nothing of http, marketplaces or cli': {
    rule: never('src/storage/', /^src\/(http|marketplaces|cli)\/|^koa$|^node:http$/),
    control: { path: 'src/storage/sqlite/x.ts', text: "const x = await import('../../http/problem.ts');" },
  },
  'storage/record is shared by every database and imports none of them': {
    rule: never('src/storage/record/', /^src\/storage\/(?!record\/)|sqlite/),
    control: { path: 'src/storage/record/x.ts', text: "import type { x } from '../sqlite/open.ts';" },
  },
  'storage names every parameter of a statement, and reads no row by position': {
    rule: ({ path, text }) =>
      path.startsWith('src/storage/')
        ? (withoutComments(text).match(
            /\.raw\(|(?:[=<>+(,]|\b(?:AND|LIMIT|INTO))[ \n]*\?(?=[ \n]*[,)`'"]| AND )/g,
          ) ?? [])
        : [],
    control: { path: 'src/storage/sqlite/x.ts', text: "prepare('SELECT a FROM b WHERE c = +?').raw();" },
  },
  'the outbox knows the ledger by its port: it imports nothing of http, storage, service or cli': {
    rule: never('src/outbox/', /^src\/(http|storage|service|cli)\/|^better-sqlite3$/),
    control: { path: 'src/outbox/x.ts', text: "import { x } from '../storage/sqlite/outbox.ts';" },
  },
  'keyring imports nothing of storage': {
    rule: never('src/keyring/', /^src\/storage\//),
    control: { path: 'src/keyring/x.ts', text: "import type { x } from '../storage/record/license-row.ts';" },
  },
  'cli imports nothing of storage: the service opens, checks and copies ledgers': {
    rule: never('src/cli/', /^src\/storage\//),
    control: { path: 'src/cli/x.ts', text: "import { x } from '../storage/sqlite/open.ts';" },
  },
  'console knows the ledger by its ports, marketplaces by what the service gives it, and no other room of pages':
    {
      rule: never('src/console/', /^src\/(storage|marketplaces|cli|outbox|customer|downloads)\//),
      control: { path: 'src/console/x.ts', text: "import { x } from '../storage/open-reader.ts';" },
    },
  'customer knows the ledger by its port, marketplaces by what the service gives it, and no other room of pages':
    {
      rule: never('src/customer/', /^src\/(storage|marketplaces|cli|outbox|console|downloads|service)\//),
      control: { path: 'src/customer/x.ts', text: "import { x } from '../outbox/mail/compose.ts';" },
    },
  'the outbox knows no room of pages': {
    rule: never('src/outbox/', /^src\/(console|customer|downloads|html)\//),
    control: { path: 'src/outbox/x.ts', text: "import { x } from '../customer/links.ts';" },
  },
  'downloads know the ledger by its port, and no room of pages': {
    rule: never('src/downloads/', /^src\/(storage|service|cli|console|customer|outbox|html)\//),
    control: { path: 'src/downloads/x.ts', text: "import { x } from '../customer/word-page.ts';" },
  },
  'what sends files and speaks to a bucket is loaded at its first use': {
    rule: ({ text }) => text.match(/^import (?!type\b)[^;']*'(?:send|aws4fetch)'/gm) ?? [],
    control: { path: 'src/downloads/x.ts', text: "import { AwsClient } from 'aws4fetch';" },
  },
  'html knows no screen and no ledger': {
    rule: only('src/html/', /^(src\/html\/|node:|hono\/html$)/),
    control: { path: 'src/html/x.ts', text: "import { x } from '../domain/ledger.ts';" },
  },
  'the console, the customer’s pages, hono, d3-scale and the passkeys are loaded with the first page, not at the start':
    {
      rule: ({ path, text }) =>
        /^src\/(console|html)\//.test(path) && path !== 'src/console/mount.ts'
          ? []
          : /^src\/customer\/(?!mount|links|shop|shop-keys|texts|contrast|mails|license-view)/.test(path)
            ? []
            : (text.match(
                /^import (?!type\b)[^;]*'(?:hono[^']*|d3-scale|@simplewebauthn[^']*|[\w./-]*\/html\/[^']*|[\w./-]*console\/(?!mount|access\/secret)[\w/-]+\.ts|[\w./-]*customer\/(?!mount|links)[\w/-]+\.ts)'/gm,
              ) ?? []),
      control: { path: 'src/service/app.ts', text: "import { createConsole } from '../console/console.ts';" },
    },
  'the doctor, whose node:https brings undici, is loaded after the start, and what only the console takes with its first page':
    {
      rule: ({ path, text }) =>
        /^src\/(cli|console|doctor)\/|^src\/service\/console-parts\.ts$/.test(path)
          ? []
          : (text.match(/^import (?!type\b)[^;]*'[\w./-]*(?:doctor\/[\w/-]+|console-parts)\.ts'/gm) ?? []),
      control: {
        path: 'src/service/console.ts',
        text: "import { Presence } from '../doctor/address.ts';",
      },
    },
  'what reads a marketplace’s calls and lists is loaded where a seller has set it up, and its simulator’s stories when they are played':
    {
      rule: ({ path, text }) =>
        /^src\/marketplaces\/([a-z-]+)\/(?:settings|simulator|product-keys|story-names|\1)\.ts$/.test(path)
          ? (text.match(
              /^import (?!type\b)[^;']*'\.\/(?!settings|simulator|product-keys|story-names|authenticity|rsa-public-key)[\w-]+\.ts'/gm,
            ) ?? [])
          : [],
      control: {
        path: 'src/marketplaces/toy-shop/toy-shop.ts',
        text: "import { readAgain } from './events.ts';",
      },
    },
  'the passkeys are loaded at their first use': {
    rule: ({ text }) => text.match(/^import (?!type\b)[^;]*'@simplewebauthn[^']*'/gm) ?? [],
    control: { path: 'src/console/x.ts', text: "import { x } from '@simplewebauthn/server';" },
  },
  'HTML is made by the tag, with attributes in quotes and addresses of unknown scheme through href': {
    rule: ({ path, text }) =>
      /^src\/(console|customer|html)\//.test(path) && path !== 'src/html/markup.ts'
        ? [
            ...(text.match(/\s[a-z-]+=\$\{/g) ?? []),
            ...(text.match(/\sstyle="|\son\w+="|javascript:/g) ?? []),
            ...(path.endsWith('products/page.ts') || path.endsWith('markup.ts')
              ? []
              : (text.match(/\btrusted\(|\braw\(/g) ?? [])),
          ]
        : [],
    control: { path: 'src/console/x.ts', text: `html\`<a href=${'$'}{name}>\`` },
  },
  'the driver of PostgreSQL is loaded with the first connection, by storage/postgres alone': {
    rule: ({ path, text }) => {
      if (!path.startsWith('src/')) return [];
      const still = text.match(/^import (?!type\b)[^;']*'pg'/gm) ?? [];
      const isRoom = path.startsWith('src/storage/postgres/');
      const room = isRoom ? [] : (text.match(/'pg'|^import [^;']*storage\/postgres\/[^;']*'/gm) ?? []);
      return [...still, ...room];
    },
    control: { path: 'src/service/x.ts', text: "import pg from 'pg';" },
  },
  'only storage imports better-sqlite3': {
    rule: (source) =>
      source.path.startsWith('src/storage/')
        ? []
        : importsOf(source).filter((name) => name === 'better-sqlite3'),
    control: { path: 'src/service/open.ts', text: "import Database from 'better-sqlite3';" },
  },
  'only cli/, and the commands among themselves, import what is in cli': {
    rule: (source) =>
      source.path.startsWith('src/cli/')
        ? []
        : importsOf(source).filter((name) => name.startsWith('src/cli/')),
    control: { path: 'src/service/service.ts', text: "import '../cli/run.ts';" },
  },
  'only main, cli, settings and config see the environment': {
    rule: ({ path, text }) =>
      SEES_ENVIRONMENT.test(path)
        ? []
        : (withoutComments(text).match(
            /\bprocess\s*(\.|\?\.|\[)\s*['"]?env\b|\benv\b[^;]*from 'node:process'/g,
          ) ?? []),
    control: {
      path: 'src/http/x.ts',
      text: "import { env } from 'node:process';\nexport const x = env['PORT'];",
    },
  },
  'every import names its file with .ts, a package or a module of Node': {
    rule: (source) => importsOf(source).filter((name) => name.startsWith('src/') && !name.endsWith('.ts')),
    control: { path: 'src/x.ts', text: "import { x } from './domain/day';" },
  },
  [`no file is longer than ${LONGEST_FILE} lines`]: {
    rule: ({ text }) => {
      const lines = text.trimEnd().split('\n').length;
      return lines > LONGEST_FILE ? [`${lines} lines`] : [];
    },
    control: { path: 'src/x.ts', text: '\n'.repeat(LONGEST_FILE).concat('x') },
  },
};

for (const [title, { rule, control }] of Object.entries(RULES)) {
  test(title, (t) => {
    const faults = SOURCES.flatMap((source) => rule(source).map((fault) => `${source.path}: ${fault}`));
    t.deepEqual(faults, []);
    t.not(rule(control).length, 0, 'the control must be found');
  });
}

test('a marketplace is found in each way of naming it, and not in a comment', (t) => {
  const rule = RULES['outside of its own folder and of all.ts, no code names a marketplace']?.rule;
  for (const text of [
    "'paddle-classic'",
    'paddleClassic.keys',
    'PADDLE_CLASSIC_PUBLIC_KEY',
    'isFastSpring()',
  ]) {
    t.is(rule?.({ path: 'src/domain/x.ts', text }).length, 1, text);
    t.is(rule?.({ path: 'src/marketplaces/all.ts', text }).length, 0, text);
  }
  t.is(rule?.({ path: 'src/domain/x.ts', text: '// Paddle repeats it for days.' }).length, 0);
  t.is(rule?.({ path: 'src/marketplaces/fastspring/x.ts', text: "'fastspring'" }).length, 0);
  const inFolder = (text: string) => rule?.({ path: 'src/marketplaces/paddle-billing/x.ts', text }).length;
  t.is(inFolder("'paddle-billing' PADDLE_BILLING_X paddleApi"), 0);
  t.is(inFolder("'paddle-classic' PADDLE_CLASSIC_X paddleClassicKeys"), 3);
});

test('every marketplace has the same files', (t) => {
  const common = ['authenticity', 'events', 'product-keys', 'settings', 'simulator'];
  t.true(MARKETPLACE_FOLDERS.length >= 3);
  for (const folder of MARKETPLACE_FOLDERS) {
    const files = readdirSync(join('src/marketplaces', folder));
    const definition = readFileSync(join('src/marketplaces', folder, `${folder}.ts`), 'utf8');
    const isAsked = definition.includes('sold: true');
    t.not(isAsked, definition.includes('sold: false'), folder);
    const roles = isAsked ? [...common, 'requests'] : common;
    for (const role of [...roles, folder]) t.true(files.includes(`${role}.ts`), `${folder}/${role}.ts`);
  }
});

test('src has at most five files beside its rooms', (t) => {
  const files = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isFile());
  t.deepEqual(files.map(({ name }) => name).sort(), [
    'errors.ts',
    'launch.js',
    'log.ts',
    'main.ts',
    'metrics.ts',
  ]);
});

test('there is no circle between files, types included', (t) => {
  t.deepEqual(circlesIn(SOURCES), []);
});

test('a circle is found, of two files or of three, also of types alone, beside files that are in none', (t) => {
  const file = (name: string, ...imported: readonly string[]): Source => ({
    path: `src/${name}.ts`,
    text: imported.map((each) => `import type { x } from './${each}.ts';`).join('\n'),
  });
  const tree = [file('a', 'b', 'c'), file('b', 'c'), file('c')];
  t.deepEqual(circlesIn(tree), []);
  t.deepEqual(circlesIn([...tree, file('d', 'e', 'a'), file('e', 'd')]), [['src/d.ts', 'src/e.ts']]);
  t.deepEqual(circlesIn([file('a', 'b'), file('b', 'c'), file('c', 'a')]), [
    ['src/a.ts', 'src/b.ts', 'src/c.ts'],
  ]);
  t.deepEqual(circlesIn([file('a', 'a')]), [['src/a.ts']]);
});

test('the environment is found in each way of writing it', (t) => {
  const rule = RULES['only main, cli, settings and config see the environment']?.rule;
  for (const text of ['process.env', "process['env']", 'process?.env.X', 'const { x } = process\n  .env']) {
    t.is(rule?.({ path: 'src/service/app.ts', text }).length, 1, text);
    t.is(rule?.({ path: 'src/main.ts', text }).length, 0, text);
  }
});

test('an import is found in each way of writing it', (t) => {
  const found = (text: string) => importsOf({ path: 'src/a/b.ts', text });
  for (const text of [
    "import x from '../c.ts';",
    "import * as x from '../c.ts';",
    "import type { X } from '../c.ts';",
    "import { type X, y as z } from '../c.ts';",
    "import x, {\n  y,\n} from '../c.ts';",
    "import '../c.ts';",
    "export * from '../c.ts';",
    "export type { X } from '../c.ts';",
    "const x = await import('../c.ts');",
    'const x = await import(`../c.ts`);',
  ]) {
    t.deepEqual(found(text), ['src/c.ts'], text);
  }
  t.deepEqual(found("import x from 'koa';\nimport { y } from './d.ts';"), ['koa', 'src/a/d.ts']);
  t.deepEqual(found("export const x = 1;\nconst from = '../c.ts';"), []);
});

test('no test of the domain or of the contract needs a database, not even through what it imports', (t) => {
  const files = new Map([...SOURCES, ...TESTS].map((source) => [source.path, source]));
  const needs = (folder: string) => {
    const reached = new Set([...files.keys()].filter((path) => path.startsWith(folder)));
    for (const path of reached) {
      const source = files.get(path);
      for (const name of source === undefined ? [] : importsOf(source)) reached.add(name);
    }
    return [...reached].filter((name) => /^src\/storage\/(?!record\/)|^better-sqlite3$/.test(name));
  };
  t.deepEqual(needs('test/domain/'), []);
  t.deepEqual(needs('test/storage/contract/'), [], 'the database comes by MakeDatabase');
  t.true(needs('test/storage/').includes('better-sqlite3'), 'the control must be found');
});

test('every test draws by test/kit/fast-check.ts, which takes the seed of CI', (t) => {
  const drawing = TESTS.filter(({ text }) => /^import .* from 'fast-check';$/m.test(text)).map(
    ({ path }) => path,
  );
  t.deepEqual(drawing, ['test/kit/fast-check.ts']);
});

test('tests and bench connect to PostgreSQL by test/postgres/connect.ts, which listens to the loss of a connection', (t) => {
  const connecting = [...TESTS, ...sourcesIn('bench')].filter(({ text }) =>
    /new pg\.(Client|Pool)\b/.test(text),
  );
  t.deepEqual(
    connecting.map(({ path }) => path).filter((path) => path !== 'test/architecture.test.ts'),
    ['test/postgres/connect.ts'],
  );
});

test('there is something to hold the rules against: every room, and the imports of every file that has some', (t) => {
  for (const room of [
    'domain',
    'license-code',
    'marketplaces',
    'http',
    'storage',
    'cli',
    'message',
    'keyring',
    'outbox',
    'console',
    'customer',
    'downloads',
    'html',
  ]) {
    t.true(
      SOURCES.some(({ path }) => path.startsWith(`src/${room}/`)),
      room,
    );
  }
  for (const source of SOURCES) {
    const lines = source.text.split('\n').filter((line) => /^import\b|^(export .*|\}) from '/.test(line));
    const begun = lines.filter((line) => /'[^']+';?$/.test(line));
    t.true(importsOf(source).length >= begun.length, source.path);
  }
});

/** Each group of files in which every file leads to every other one by imports, its names in order. */
function circlesIn(sources: readonly Source[]): readonly (readonly string[])[] {
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const reachable = new Map(sources.map(({ path }) => [path, reachableFrom(path, imports)]));
  const circles = new Map<string, readonly string[]>();
  for (const [path, reached] of reachable) {
    if (!reached.has(path)) continue;
    const circle = [...reached].filter((other) => reachable.get(other)?.has(path)).sort();
    circles.set(circle.join(' '), circle);
  }
  return [...circles.values()];
}

/** The file itself is among them only if an import leads back to it. */
function reachableFrom(path: string, imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of imports.get(next) ?? []) {
      if (!imports.has(name) || reached.has(name)) continue;
      reached.add(name);
      waiting.push(name);
    }
  }
  return reached;
}

/** Comments may say "process" or "Buffer". */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
