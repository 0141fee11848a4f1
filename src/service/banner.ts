/** What the start prints: what is served, where, what is missing to go live, and what to try next. */
import type { Config } from './config.ts';
import type { Service } from './service.ts';

/** A marketplace marks its test orders itself, under the live keys too. */
const SIMULATOR_OFF = 'Live orders. The simulator is off: test orders come from the marketplace.';

export function banner(service: Service, config: Config): string {
  const lines = [`Mintmark listens on ${service.url}`];
  for (const { what, path } of service.made) lines.push(`  made ${what}: ${path}`);
  lines.push('');
  for (const product of service.catalog.all()) {
    for (const marketplace of Object.keys(product.marketplaces)) {
      if (!isServed(marketplace, config.fastSpring.licenseKeys, config)) continue;
      lines.push(`  ${product.name}: ${service.url}/fulfillment/${marketplace}/${product.id}`);
    }
  }
  for (const marketplace of ['paddle-classic', 'fastspring']) {
    if (!isServed(marketplace, config.fastSpring.webhookSecrets, config)) continue;
    lines.push(`  webhooks: ${service.url}/webhooks/${marketplace}`);
  }
  lines.push('', ...warnings(config), ...missing(service, config), ...next(service, config), '');
  return lines.join('\n');
}

/** FastSpring's addresses are not there until somebody could sign a call of them. */
function isServed(marketplace: string, fastSpringSecrets: readonly string[], { simulator }: Config): boolean {
  return marketplace !== 'fastspring' || simulator || fastSpringSecrets.length > 0;
}

function warnings({ warnings }: Config): string[] {
  return warnings.length === 0 ? [] : [...warnings.map((warning) => `Warning: ${warning}`), ''];
}

function missing({ modes }: Service, { fastSpring }: Config): string[] {
  const oneSided = oneSidedSecrets(fastSpring);
  if (modes.includes('live')) return modes.includes('test') ? oneSided : [SIMULATOR_OFF, ...oneSided];
  return [
    'Test orders only. To go live:',
    '  - make a live signing key:  npm run -s mintmark -- keys new --mode live',
    '  - set PADDLE_CLASSIC_PUBLIC_KEY (Paddle: Developer Tools > Public Key),',
    '    or FASTSPRING_LICENSE_KEYS and FASTSPRING_WEBHOOK_SECRETS (docs/marketplaces/fastspring.md)',
    '',
  ];
}

/** License requests alone do work, but what happens after the sale then never arrives. */
function oneSidedSecrets({ licenseKeys, webhookSecrets }: Config['fastSpring']): string[] {
  if (licenseKeys.length === 0 || webhookSecrets.length > 0) return [];
  return ['FASTSPRING_WEBHOOK_SECRETS is not set: refunds and cancellations will not reach the licenses.'];
}

function next({ catalog, url }: Service, config: Config): string[] {
  if (!config.simulator) return [];
  const address = config.port === 0 ? ` --url ${url}` : '';
  const product = catalog.all().find(({ marketplaces }) => marketplaces['paddle-classic']);
  const command =
    product === undefined
      ? 'simulate fastspring --story refund'
      : `simulate paddle-classic ${product.id} --quantity 3`;
  return ['Try an order, from a second terminal:', `  npm run -s mintmark -- ${command}${address}`];
}
