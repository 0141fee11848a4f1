/** `mintmark releases`: the versions that customers download. */
import type { Command } from 'commander';
import type { DownloadCount } from '../domain/ports/download.ts';
import { newestFirst, type Release } from '../domain/values/release.ts';
import { checkReleases, withdrawRelease } from '../downloads/add-release.ts';
import { AppError } from '../errors.ts';
import { RUN } from '../service/command.ts';
import { openDownloads } from '../service/downloads.ts';
import { hasLedger } from '../service/open.ts';
import { productArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { withLedger } from './opened.ts';
import { printable } from './printable.ts';
import { addReleasesAdd } from './releases-add.ts';
import { releaseLines } from './releases-text.ts';

interface Json {
  readonly json?: true;
}

export function releasesCommand(context: CliContext): Command {
  const releases = commandIn(context, 'releases').description(
    'add, list, check and withdraw the versions that customers download',
  );
  addReleasesAdd(releases, context);
  releases
    .command('list')
    .description('show the releases with their files and how often they were downloaded')
    .argument('[product]', 'the id of a product; default: all', productArgument)
    .option('--json', 'print {releases, downloads}')
    .addHelpText('after', `\nExample:\n  $ ${RUN} releases list lumen`)
    .action((product: string | undefined, options: Json) => list(context, product, options));
  releases
    .command('check')
    .description('read every file of the releases, and compare it with its checksum')
    .argument('[product]', 'the id of a product; default: all', productArgument)
    .option('--json', 'print {files}')
    .addHelpText(
      'after',
      `\nA file that is gone or has changed is not sent to customers. Exit status 1 where there is one.\n\nExample:\n  $ ${RUN} releases check`,
    )
    .action((product: string | undefined, options: Json) => check(context, product, options));
  releases
    .command('withdraw')
    .description('no longer offer a release: its links end, its files stay')
    .argument('<product>', 'the id of the product', productArgument)
    .argument('<version>', 'such as 4.2')
    .requiredOption('--reason <text>', 'why, for the list')
    .option('--json', 'print {withdrawn}')
    .addHelpText(
      'after',
      `\nExample:\n  $ ${RUN} releases withdraw lumen 4.2 --reason "does not start on macOS 14"`,
    )
    .action((product: string, version: string, options: Json & { readonly reason: string }) =>
      withdraw(context, { product, version }, options),
    );
  return releases;
}

const isOf = (product: string | undefined) => (release: Pick<Release, 'product'>) =>
  product === undefined || release.product === product;

async function list(context: CliContext, product: string | undefined, { json }: Json): Promise<void> {
  const config = context.config();
  const store = await openDownloads(config);
  const { releases, faulty } = await store.list();
  const shown = newestFirst(releases.filter(isOf(product)));
  const counts: readonly DownloadCount[] = (await hasLedger(config))
    ? await withLedger(context, (ledger) => ledger.downloads.counts())
    : [];
  if (json) return printJson(context, { releases: shown, downloads: counts.filter(isOf(product)) });
  for (const { place } of faulty)
    context.stdout(printable(`${place}: its release.json cannot be read, so it is no release`).concat('\n'));
  if (shown.length === 0) context.stdout(`No releases in ${store.place}. Add one:  ${RUN} releases add\n`);
  for (const release of shown) context.stdout(releaseLines(release, counts));
}

async function check(context: CliContext, product: string | undefined, { json }: Json): Promise<void> {
  const store = await openDownloads(context.config());
  const files = await checkReleases(store, 'verify', isOf(product));
  if (json) printJson(context, { files });
  else
    for (const { product: of, version, file, state } of files)
      context.stdout(printable(`${WORDS[state]}  ${of} ${version}  ${file}`).concat('\n'));
  const bad = files.filter(({ state }) => state !== 'same').length;
  if (bad > 0)
    throw new AppError('bad_configuration', `${bad} of ${files.length} files are not as they were added.`);
}

const WORDS = { same: 'ok     ', changed: 'CHANGED', gone: 'GONE   ' } as const;

async function withdraw(
  context: CliContext,
  release: Pick<Release, 'product' | 'version'>,
  { reason, json }: Json & { readonly reason: string },
): Promise<void> {
  const store = await openDownloads(context.config());
  const withdrawn = await withdrawRelease(store, { ...release, reason, at: context.now() });
  const { product, version } = release;
  if (!withdrawn) throw new AppError('nothing_changed', `${product} ${version} was withdrawn before.`);
  if (json) printJson(context, { withdrawn: release });
  else context.stdout(`${product} ${version} is no longer offered.\n`);
}
