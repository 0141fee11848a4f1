/** OpenTelemetry: its packages beside a shop, a collector of this test, a sale; off without its variables. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { collect, installPackages } from './collector.ts';
import { type Place, ROOT, runBeside, startService } from './place.ts';

const NODE = join(ROOT, 'node_modules/node/bin/node');
const MINTMARK = ['--import', join(ROOT, 'src/launch.js')];
const ORDER = '573252';
const EMAIL = 'ada@example.com';

export async function tryTraces(folder: string): Promise<void> {
  const place = {
    folder: join(folder, 'shop'),
    nodeFolder: join(ROOT, 'node_modules/node/bin'),
    env: { DATA_DIR: join(folder, 'data'), PRODUCTS_DIR: join(ROOT, 'data/products') },
  };
  mkdirSync(place.folder);
  const collector = await collect();
  const asked = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  try {
    const missing = await sell({ ...place, env: { ...place.env, ...asked } });
    assert.match(missing.output, /npm install @opentelemetry\/api @opentelemetry\/sdk-node/);
    assert.equal(collector.received().length, 0);

    installPackages(place);
    await sell(place);
    assert.equal(collector.received().length, 0, 'off without its variables');
    await sell({ ...place, env: { ...place.env, ...asked, OTEL_TRACES_EXPORTER: 'none' } });
    assert.equal(collector.received().length, 0, 'off by its variable');

    const { mail } = await sell({ ...place, env: { ...place.env, ...asked } });
    const sent = collector.received().toString('latin1');
    for (const expected of ['POST /fulfillment/paddle-classic/:product', 'mintmark.outcome', 'repeated'])
      assert.ok(sent.includes(expected), expected);
    const [code = ''] = /^[0-9A-Z]{160}$/m.exec(mail) ?? [];
    assert.equal(code.length, 160);
    for (const secret of [ORDER, EMAIL, 'Ada', code, code.slice(0, 40)])
      assert.equal(sent.includes(secret), false, `${secret.slice(0, 20)} is in a trace`);
  } finally {
    collector.stop();
  }
}

async function sell(place: Place): Promise<{ readonly mail: string; readonly output: string }> {
  const service = await startService(place, NODE, ...MINTMARK, join(ROOT, 'src/main.ts'));
  let mail = '';
  try {
    const words = ['simulate', 'paddle-classic', 'example', '--order', ORDER, '--email', EMAIL];
    const cli = [...MINTMARK, join(ROOT, 'src/cli/mintmark.ts'), ...words, '--url', service.url];
    mail = await runBeside(place, NODE, ...cli);
  } finally {
    // What waits is sent before the process ends.
    assert.equal(await service.stop(), 0);
  }
  return { mail, output: service.output };
}
