/** The text that the start prints: the addresses, the steps to go live, and a command to try. */
import { MARKETPLACES } from '../marketplaces/all.ts';
import { SECRET_OF_ADDRESS, webhookPath } from '../marketplaces/marketplace.ts';
import { RUN } from './command.ts';
import type { Config } from './config.ts';
import type { Service } from './service.ts';

/** A marketplace marks its own test orders, also under the live keys. */
const SIMULATOR_OFF = 'Live orders. The simulator is off: test orders come from the marketplace.';

export function banner(service: Service, config: Config): string {
  const lines = [`Mintmark listens on ${service.url}`];
  for (const { what, path } of service.made) lines.push(`  made ${what}: ${path}`);
  lines.push('');
  // As marketplaces have to call it.
  const origin = config.publicUrl ?? service.url;
  for (const product of service.catalog.all()) {
    for (const marketplace of Object.keys(product.marketplaces)) {
      if (!service.served.requests.includes(marketplace)) continue;
      lines.push(`  ${product.name}: ${origin}/fulfillment/${marketplace}/${product.id}`);
    }
  }
  for (const marketplace of MARKETPLACES) {
    if (!service.served.events.includes(marketplace.name)) continue;
    lines.push(`  webhooks: ${origin}${webhookPath(marketplace, SECRET_OF_ADDRESS)}`);
  }
  lines.push(...consoleLines(service, config));
  lines.push('', ...warnings(config), ...missing(service, config), ...next(service, config), '');
  return lines.join('\n');
}

/** The command that makes a link, never a link: logs are kept. */
function consoleLines({ consolePages }: Service, { consolePort, publicUrl }: Config): string[] {
  if (consolePages === undefined) return [];
  const { url, knowsNobody } = consolePages;
  const origin = (consolePort === undefined && publicUrl) || `http://localhost:${new URL(url).port}`;
  const where = `  console: ${origin}/console/`;
  return [knowsNobody ? `${where}  (to get in:  ${RUN} console link)` : where];
}

function warnings({ warnings }: Config): string[] {
  return warnings.length === 0 ? [] : [...warnings.map((warning) => `Warning: ${warning}`), ''];
}

function missing({ modes, hasLiveKey }: Service, { accounts }: Config): string[] {
  const oneSided = accounts.flatMap(({ findings }) => findings.flatMap(({ atStart }) => atStart ?? []));
  if (modes.includes('live')) return modes.includes('test') ? oneSided : [SIMULATOR_OFF, ...oneSided];
  return [
    'Test orders only. To go live:',
    ...(hasLiveKey ? [] : [`  - make a live signing key:  ${RUN} keys new --mode live`]),
    `  - set ${MARKETPLACES.map(({ goLive }) => goLive).join(',\n    or ')}`,
    '',
  ];
}

/** A first sale by the simulator, at the first marketplace that has a product. */
function next({ catalog, url }: Service, config: Config): string[] {
  if (!config.simulator) return [];
  const address = config.port === 0 ? ` --url ${url}` : '';
  for (const { name, simulator } of MARKETPLACES) {
    const product = catalog.all().find(({ marketplaces }) => marketplaces[name]);
    if (product === undefined) continue;
    const command = `simulate ${simulator.example(product.id)}`;
    return ['Try an order, from a second terminal:', `  ${RUN} ${command}${address}`];
  }
  return [];
}
