/** `mintmark simulate <marketplace>`: sends the running service the marketplace's calls, signed like the real ones. */
import { type Command, Option } from 'commander';
import { loadCatalog } from '../catalog/catalog.ts';
import type { Ledger } from '../domain/ledger.ts';
import { counted } from '../domain/values/counted.ts';
import { AppError } from '../errors.ts';
import { readSimulatorKey, simulatorSecret } from '../keyring/simulator-key.ts';
import { findCodes } from '../license-code/find-codes.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';
import type { MarketplaceDefinition } from '../marketplaces/marketplace.ts';
import type { Played, SimulatedCall, SimulatorOption } from '../marketplaces/simulator.ts';
import { RUN } from '../service/command.ts';
import { openLedger } from '../service/open.ts';
import { quantityArgument } from './arguments.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { licenseJson } from './license-text.ts';
import { type Answered, requireSimulator, send, serviceUrl } from './simulate-service.ts';

interface SimulateOptions extends Readonly<Record<string, string | number | boolean | undefined>> {
  readonly quantity: number;
  readonly url?: string;
  readonly json?: true;
}

/** Sends one call; rejects with `not_fulfilled` when there is no response. */
type Send = (call: SimulatedCall) => Promise<Answered>;

export function simulateCommand(context: CliContext): Command {
  const simulate = commandIn(context, 'simulate').description(
    'send the running service the calls of a marketplace',
  );
  for (const marketplace of MARKETPLACES) simulate.addCommand(marketplaceCommand(context, marketplace));
  return simulate;
}

function marketplaceCommand(context: CliContext, marketplace: MarketplaceDefinition): Command {
  const { description, product, options, example, shows } = marketplace.simulator;
  const command = commandIn(context, marketplace.name)
    .description(description)
    .argument(product.required ? '<product>' : '[product]', product.description);
  for (const option of options) command.addOption(optionOf(option));
  return command
    .option('--quantity <n>', 'units bought', quantityArgument, 1)
    .option('--url <url>', 'where the service listens (default: by HOST and PORT)')
    .option('--json', `print {${shows === 'reply' ? 'status, order, reply' : 'order, steps'}}`)
    .addHelpText(
      'after',
      `
${shows === 'reply' ? '' : 'Prints the ledger after each step. '}It signs with the simulator's own keys, which the service accepts for mode test
until SIMULATOR=off, or until a marketplace is live without SIMULATOR=on.

Example, with the service running in another terminal:
  $ ${RUN} simulate ${example('example')}`,
    )
    .action((id: string | undefined, given: SimulateOptions) => simulate(context, marketplace, id, given));
}

function optionOf({ flags, description, default: usual, choices, required }: SimulatorOption): Option {
  const option = new Option(flags, description);
  if (usual !== undefined) option.default(usual);
  if (choices !== undefined) option.choices([...choices]);
  return required ? option.makeOptionMandatory() : option;
}

async function simulate(
  context: CliContext,
  { simulator }: MarketplaceDefinition,
  product: string | undefined,
  { quantity, url, json, ...options }: SimulateOptions,
): Promise<void> {
  const config = context.config();
  requireSimulator(config);
  const base = serviceUrl(config, url);
  const played = await simulator.play({
    product,
    quantity,
    options: options as Readonly<Record<string, string | boolean | undefined>>,
    now: context.now(),
    products: async () => (await loadCatalog(config.productsDir)).all(),
    keys: {
      privateKey: () => readSimulatorKey(config.keysDir),
      secret: () => simulatorSecret(config.keysDir),
    },
  });
  const sendCall: Send = ({ path, body, headers }) =>
    send(`${base}${path}`, { ...(body !== undefined && { body }), ...(headers && { headers }) });
  const isJson = json === true;
  if (simulator.shows === 'reply') return showReply(context, played, sendCall, isJson);
  const ledger = await openLedger(config);
  try {
    await showLicenses(context, played, { send: sendCall, ledger, json: isJson });
  } finally {
    await ledger.close();
  }
}

async function showReply(
  context: CliContext,
  { order, calls }: Played,
  sendCall: Send,
  json: boolean,
): Promise<void> {
  for (const call of calls) {
    const { status, text } = await sendCall(call);
    if (json) printJson(context, { status, order, reply: text });
    else if (status === 200) {
      context.stderr(`Order ${order}: the service answered 200. The customer is mailed:\n\n`);
      context.stdout(text);
    }
    requireDone(call, { status, text });
  }
}

async function showLicenses(
  context: CliContext,
  { order, calls }: Played,
  { send: sendCall, ledger, json }: { readonly send: Send; readonly ledger: Ledger; readonly json: boolean },
): Promise<void> {
  const steps: object[] = [];
  for (const [place, call] of calls.entries()) {
    const answered = await sendCall(call);
    requireDone(call, answered);
    // A unit that is added later belongs to the subscription, not to its first order.
    const licenses = (await ledger.showOrder(order)).licenses.map(licenseJson);
    steps.push({ title: call.title, reply: answered.text, licenses });
    if (json) continue;
    context.stdout(`${place + 1}. ${call.title}\n`);
    if (call.delivers)
      context.stdout(`   answered with ${counted(findCodes(answered.text).length, 'code')}\n`);
    for (const license of licenses) {
      const where = license.order === order ? '' : ` of ${license.order}`;
      const until = license.lastValid === null ? 'for good' : `to ${license.lastValid}`;
      context.stdout(
        `   ${license.product} unit ${license.unit}${where}: ${license.state}, revision ${license.revision}, valid ${until}, ${counted(license.seats, 'seat')}\n`,
      );
    }
  }
  if (json) printJson(context, { order, steps });
  else context.stdout(`\nAll of it:  ${RUN} order show ${order}\n`);
}

function requireDone({ title }: SimulatedCall, { status, text }: Answered): void {
  if (status === 200) return;
  throw new AppError('not_fulfilled', `${title}: the service answered ${status}.\n${text}`);
}
