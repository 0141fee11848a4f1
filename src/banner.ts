/** What the start prints: what is served, where, what is missing to go live, and what to try next. */
import type { Config } from './config.ts';
import type { Service } from './service.ts';

export function banner(service: Service, config: Config): string {
  const lines = [`Mintmark listens on ${service.url}`];
  for (const { what, path } of service.made) lines.push(`  made ${what}: ${path}`);
  lines.push('');
  for (const product of service.catalog.all()) {
    for (const marketplace of Object.keys(product.marketplaces)) {
      lines.push(`  ${product.name}: ${service.url}/fulfillment/${marketplace}/${product.id}`);
    }
  }
  lines.push('', ...missing(service, config), ...next(service, config), '');
  return lines.join('\n');
}

function missing({ modes }: Service, config: Config): string[] {
  const steps: string[] = [];
  if (!config.paddleClassic.publicKey) {
    steps.push('set PADDLE_CLASSIC_PUBLIC_KEY (Paddle: Developer Tools > Public Key)');
    steps.push('make a live signing key:  npm run -s mintmark -- keys new --mode live');
  }
  if (steps.length === 0) return modes.includes('test') ? [] : ['Live orders only.'];
  return ['Test orders only. To go live:', ...steps.map((step) => `  - ${step}`), ''];
}

function next({ catalog, url }: Service, config: Config): string[] {
  const product = catalog.all()[0];
  if (!config.simulator || product === undefined) return [];
  const address = config.port === 0 ? ` --url ${url}` : '';
  return [
    'Try an order, from a second terminal:',
    `  npm run -s mintmark -- simulate paddle-classic ${product.id} --quantity 3${address}`,
  ];
}
