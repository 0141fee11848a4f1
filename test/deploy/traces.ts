/** OpenTelemetry: its packages beside a shop, a collector of this test, a sale; off without its variables. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Place, ROOT, run, runBeside, startService } from './place.ts';

const PACKAGES = ['@opentelemetry/api@1.9.1', '@opentelemetry/sdk-node@0.223.0'];
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

    run(place, 'npm', 'init', '-y');
    run(place, 'npm', 'install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', ...PACKAGES);
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

/** A collector of OTLP over HTTP, which keeps what it gets. */
async function collect() {
  const pieces: Buffer[] = [];
  const server = createServer(async (request, response) => {
    for await (const piece of request) pieces.push(piece);
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? '' }).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => Buffer.concat(pieces),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
