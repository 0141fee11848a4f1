/** `mintmark revocations`: writes the published revocation list to a file. */
import type { Command } from 'commander';
import { AppError } from '../errors.ts';
import { replacePublic } from '../keyring/key-files.ts';
import { type ListFound, RevocationPublisher } from '../keyring/revocation-publisher.ts';
import { RUN } from '../service/command.ts';
import { openParts } from '../service/open.ts';
import { productArgument } from './arguments.ts';
import { type CliContext, commandIn } from './context.ts';

interface ExportOptions {
  readonly product: string;
  readonly out?: string;
}

export function revocationsCommand(context: CliContext): Command {
  const revocations = commandIn(context, 'revocations').description(
    'publish the suspended and revoked licenses',
  );
  revocations
    .command('export')
    .description('write the signed list of a product: the same bytes as GET /v1/revocations/PRODUCT')
    .requiredOption('--product <id>', 'the name of a product file, without .md', productArgument)
    .option('--out <file>', 'the file to write or to replace; without it, standard output')
    .addHelpText('after', `\nExample:\n  $ ${RUN} revocations export --product example --out example.jwt`)
    .action((options: ExportOptions) => exportList(context, options));
  return revocations;
}

async function exportList(context: CliContext, { product, out }: ExportOptions): Promise<void> {
  const { ledger, signers, catalog } = await openParts(context.config(), { modesNeeded: [] });
  let found: ListFound;
  try {
    found = await new RevocationPublisher({
      ledger,
      signerFor: signers.signerFor,
      findProduct: (id) => catalog.get(id),
      now: context.now,
    }).find(product);
  } finally {
    await ledger.close();
  }
  if (found.outcome === 'unknown product') throw new AppError('not_found', `There is no product ${product}.`);
  if (found.outcome === 'no signing key') {
    throw new AppError(
      'bad_configuration',
      `There is no active signing key: make one with  ${RUN} keys new --mode live`,
    );
  }
  const { body, seq, revoked, suspended } = found.list;
  if (out === undefined) return context.stdout(body.toString('latin1'));
  replacePublic(out, body.toString('latin1'));
  context.stdout(`Wrote list ${seq} of ${product} to ${out}: ${revoked} revoked, ${suspended} suspended.\n`);
}
