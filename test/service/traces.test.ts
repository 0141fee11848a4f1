import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import Koa from 'koa';
import request from 'supertest';
import { edge } from '../../src/http/edge/edge.ts';
import type { RequestState } from '../../src/http/edge/request.ts';
import { Metrics } from '../../src/metrics.ts';
import { openTraces } from '../../src/service/open-traces.ts';
import { Traces } from '../../src/service/traces.ts';
import { recordedTraces } from '../kit/recorded-traces.ts';
import { keptLog, temporaryFolder } from '../kit/service.ts';

async function ask(proxy: boolean, status: number) {
  const { api, spans } = recordedTraces();
  const { log } = keptLog();
  const app = new Koa<RequestState>({ proxy });
  app.use(edge({ log, metrics: new Metrics(), newRequestId: () => 'request-1', traces: new Traces(api) }));
  app.use((context) => {
    context.state.endpoint = '/v1/things/:thing';
    context.state.facts['order'] = 'order-7';
    if (status === 500) throw new Error('ada@example.com');
    context.body = 'ok';
  });
  await request(app.callback())
    .get('/v1/things/secret-7?email=ada@example.com')
    .set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  return spans;
}

test('a request is a span of its endpoint, with its outcome, and without its address, order or error', async (t) => {
  const [span, another] = await ask(false, 200);
  t.is(another, undefined);
  t.like(span, {
    name: 'GET /v1/things/:thing',
    kind: 1,
    failed: false,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/v1/things/:thing',
      'http.response.status_code': 200,
      'mintmark.outcome': 'ok',
      'mintmark.request': 'request-1',
    },
  });
  t.true(Math.abs((span?.startTime ?? 0) - Date.now()) < 60_000);
  t.true((span?.ended ?? 0) >= (span?.startTime ?? 0));
  const [failed] = await ask(false, 500);
  t.true(failed?.failed);
  t.notRegex(JSON.stringify([span, failed]), /secret-7|ada@example|order-7/);
});

test('a caller continues its trace only through a trusted proxy', async (t) => {
  t.is((await ask(false, 200))[0]?.within, 'root');
  t.like((await ask(true, 200))[0]?.within, {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
});

test('a try of the outbox is a span of its channel, failed unless it was sent', (t) => {
  const { api, spans } = recordedTraces();
  const traces = new Traces(api);
  traces.tried({ channel: 'mail', topic: 'license.issued', outcome: 'sent', begun: 5, ended: 9 });
  traces.tried({ channel: 'webhook', topic: 'license.issued', outcome: 'failed', begun: 5, ended: 9 });
  t.deepEqual(
    spans.map(({ name, kind, startTime, ended, failed }) => ({ name, kind, startTime, ended, failed })),
    [
      { name: 'outbox mail', kind: 3, startTime: 5, ended: 9, failed: false },
      { name: 'outbox webhook', kind: 3, startTime: 5, ended: 9, failed: true },
    ],
  );
});

/** A folder with packages that note what is called. */
function withPackages(folder: string, forceFlush = 'async () => {}'): string {
  const put = (name: string, text: string) => {
    const place = join(folder, 'node_modules/@opentelemetry', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, 'package.json'),
      JSON.stringify({ name: `@opentelemetry/${name}`, main: 'index.js' }),
    );
    writeFileSync(join(place, 'index.js'), text);
  };
  put(
    'api',
    `module.exports = { trace: { getTracerProvider: () => ({ getDelegate: () => ({ forceFlush: ${forceFlush} }) }), getTracer: (name) => ({ startSpan: (span) => { globalThis.tracedByStub = name + ": " + span; return { setStatus() {}, end() {} }; } }) }, context: { active() {} }, propagation: { extract() {} }, SpanKind: {}, SpanStatusCode: {} };`,
  );
  put(
    'sdk-node',
    'exports.NodeSDK = class { constructor({ serviceName }) { globalThis.startedByStub = [serviceName]; } start() { globalThis.startedByStub.push("started"); } async shutdown() { globalThis.startedByStub.push("stopped"); throw new Error("x"); } };',
  );
  return folder;
}

const ASKED = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

test('nothing is loaded without a variable of OpenTelemetry, or where it is switched off', async (t) => {
  const folder = withPackages(temporaryFolder(t));
  const warn = () => t.fail();
  for (const environment of [
    {},
    { OTEL_SERVICE_NAME: 'shop' },
    { ...ASKED, OTEL_SDK_DISABLED: 'true' },
    { ...ASKED, OTEL_TRACES_EXPORTER: 'none' },
  ])
    t.is(await openTraces(environment, folder, warn), undefined);
  t.false('startedByStub' in globalThis);

  const opened = await openTraces(ASKED, folder, warn);
  opened?.traces.tried({ channel: 'mail', topic: 'x', outcome: 'sent', begun: 1, ended: 2 });
  await opened?.close();
  const { startedByStub, tracedByStub } = globalThis as Readonly<Record<string, unknown>>;
  t.deepEqual(startedByStub, ['mintmark', 'started', 'stopped'], 'the control');
  t.is(tracedByStub, 'mintmark: outbox mail');
});

test('where the packages are missing, a line says how to install them, and the start goes on', async (t) => {
  const lines: string[] = [];
  t.is(await openTraces(ASKED, temporaryFolder(t), (line) => lines.push(line)), undefined);
  t.regex(lines[0] ?? '', /npm install @opentelemetry\/api @opentelemetry\/sdk-node/);
  const faulty = withPackages(temporaryFolder(t));
  writeFileSync(join(faulty, 'node_modules/@opentelemetry/sdk-node/index.js'), 'throw new Error("broken");');
  t.is(await openTraces(ASKED, faulty, (line) => lines.push(line)), undefined);
  t.regex(lines[1] ?? '', /nothing is traced: broken/);
});

test('before a process stands still, what waits is sent; a collector that does not answer holds it for a second', async (t) => {
  const sending = withPackages(temporaryFolder(t), 'async () => { globalThis.flushedByStub = true; }');
  await (await openTraces(ASKED, sending, () => t.fail()))?.flush();
  t.true((globalThis as Readonly<Record<string, unknown>>)['flushedByStub']);
  for (const answer of ['() => new Promise(() => {})', 'async () => { throw new Error("x"); }']) {
    const opened = await openTraces(ASKED, withPackages(temporaryFolder(t), answer), () => t.fail());
    const alive = setTimeout(() => {}, 20_000);
    await t.notThrowsAsync(async () => opened?.flush());
    clearTimeout(alive);
  }
});
