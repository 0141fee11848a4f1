/** `mintmark init`: a shop's folder, with what the service needs to start and nothing secret. */
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../errors.ts';
import { fileFault } from '../keyring/key-files.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import { RUN, START } from '../service/command.ts';
import { type CliContext, commandIn } from './context.ts';

const SHOP = new URL('../../', import.meta.url);

/** Keys are secret; the ledger has personal data. The service makes both. */
const IGNORED = '.env\nkeys/\ndata/ledger.sqlite*\n';

export function initCommand(context: CliContext): Command {
  return commandIn(context, 'init')
    .description('make a folder for a shop: an example product, and a .env that explains the settings')
    .argument('[folder]', 'a new or an empty folder; default: the current folder', '.')
    .addHelpText('after', `\nExample:\n  $ ${RUN} init shop`)
    .action((folder: string) => {
      const files = [
        join(folder, 'data/products/example.md'),
        join(folder, '.env'),
        join(folder, '.gitignore'),
      ];
      const known = files.find((file) => existsSync(file));
      if (known !== undefined)
        throw new AppError(
          'bad_usage',
          `${known} is there already: give a folder without a shop. Nothing was changed.`,
        );
      try {
        makeShop(folder);
      } catch (error) {
        throw fileFault(error, folder, 'made');
      }
      context.stdout(nextSteps(folder));
    });
}

function makeShop(folder: string): void {
  mkdirSync(join(folder, 'data/products'), { recursive: true });
  cpSync(new URL('data/products/example.md', SHOP), join(folder, 'data/products/example.md'));
  cpSync(new URL('.env.example', SHOP), join(folder, '.env'));
  // It will hold secrets.
  chmodSync(join(folder, '.env'), 0o600);
  writeFileSync(join(folder, '.gitignore'), IGNORED);
}

function nextSteps(folder: string): string {
  const name = /\s/.test(folder) ? `"${folder}"` : folder;
  const enter = resolve(folder) === resolve('.') ? '' : `  cd ${name}\n`;
  const [first] = MARKETPLACES;
  const order =
    first === undefined
      ? ''
      : `  ${RUN} simulate ${first.simulator.example('example')}     in another terminal: a test order\n`;
  return `A shop is in ${resolve(folder)}: data/products/example.md, .env, .gitignore. Go on with\n${enter}  ${START}\n${order}`;
}
