/** `mintmark releases add`: a version of a product with its files. */
import { type Command, InvalidArgumentError } from 'commander';
import { loadCatalog } from '../catalog/catalog.ts';
import { type Day, dayOf } from '../domain/values/day.ts';
import { PLATFORMS, type Platform } from '../domain/values/release.ts';
import { addRelease } from '../downloads/add-release.ts';
import { AppError } from '../errors.ts';
import { byteText } from '../message/byte-text.ts';
import { RUN } from '../service/command.ts';
import { openDownloads } from '../service/downloads.ts';
import { dayArgument, productArgument } from './arguments.ts';
import { type CliContext, printJson } from './context.ts';

interface Options {
  readonly date?: Day;
  readonly notes?: string;
  readonly build?: string;
  readonly platform?: Platform;
  readonly signature: readonly string[];
  readonly json?: true;
}

export function addReleasesAdd(releases: Command, context: CliContext): void {
  releases
    .command('add')
    .description('add a version of a product with its files, or further files of a version')
    .argument('<product>', 'the id of the product', productArgument)
    .argument('<version>', 'such as 4.2')
    .argument('<file...>', 'the files that customers get')
    .option('--date <day>', 'the day of the release (default: today)', dayArgument)
    .option('--notes <text>', 'what is new, as plain text')
    .option('--build <build>', 'the build that Sparkle compares, where it is not the version')
    .option(
      '--platform <platform>',
      `of files whose names do not tell: ${PLATFORMS.join(', ')}`,
      platformArgument,
    )
    .option(
      '--signature <file=base64>',
      'the Ed25519 signature of a file for Sparkle, as sign_update prints it; once for each file',
      (text: string, before: readonly string[]) => [...before, text],
      [],
    )
    .option('--json', 'print the release')
    .addHelpText(
      'after',
      `
The files are copied to DOWNLOADS, and release.json is written last: a half release does not exist. A running service
offers the release within seconds.

Example:
  $ ${RUN} releases add lumen 4.2 --date 2026-10-28 dist/Lumen-4.2.dmg dist/Lumen-4.2.exe`,
    )
    .action((product: string, version: string, files: readonly string[], options: Options) =>
      add(context, { product, version, files }, options),
    );
}

async function add(
  context: CliContext,
  {
    product,
    version,
    files,
  }: { readonly product: string; readonly version: string; readonly files: readonly string[] },
  { date, notes, build, platform, signature, json }: Options,
): Promise<void> {
  const config = context.config();
  if ((await loadCatalog(config.productsDir)).get(product) === undefined)
    throw new AppError('bad_usage', `There is no product ${product}: see  ${RUN} products check`);
  const store = await openDownloads(config);
  const now = context.now();
  const release = await addRelease(
    store,
    {
      product,
      version,
      build,
      day: date,
      notes,
      paths: files,
      platform,
      signatures: signaturesIn(signature),
    },
    { today: dayOf(now), now },
  );
  if (json) return printJson(context, release);
  context.stdout(`${product} ${version} of ${release.day}, in ${store.place}:\n`);
  for (const { name, size, sha256, platform: of } of release.files)
    context.stdout(`  ${name}  ${of}  ${byteText(size)}  ${sha256}\n`);
}

function signaturesIn(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((text) => {
      const [, name, signature] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (name === undefined || signature === undefined)
        throw new AppError('bad_usage', 'Write --signature Lumen-4.2.dmg=BASE64.');
      return [name, signature];
    }),
  );
}

function platformArgument(text: string): Platform {
  const found = PLATFORMS.find((platform) => platform === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Write one of ${PLATFORMS.join(', ')}.`);
}
