import test from 'ava';
import Koa from 'koa';
import request from 'supertest';
import { edge } from '../../src/http/edge/edge.ts';
import type { RequestState } from '../../src/http/edge/request.ts';
import { serve } from '../../src/http/edge/routes.ts';
import { readyEndpoint } from '../../src/http/ready.ts';
import { Metrics } from '../../src/metrics.ts';
import { keptLog, start } from '../kit/service.ts';

test('live reports that the process is running, and ready reports what a sale needs: ledger, keys, products', async (t) => {
  const { url } = await start(t);
  const live = await request(url).get('/health/live');
  t.is(live.status, 200);
  t.deepEqual(live.body, { status: 'ok' });
  const ready = await request(url).get('/health/ready');
  t.is(ready.status, 200);
  t.is(ready.headers['cache-control'], 'no-store');
  t.deepEqual(ready.body, { status: 'ok', ledger: 'writable', keys: ['live', 'test'], products: 5 });
});

test('health answers HEAD, and other methods with 405', async (t) => {
  const { url } = await start(t);
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    t.is((await request(url).head(path)).status, 200, path);
    const refused = await request(url).post(path);
    t.is(refused.status, 405, path);
    t.is(refused.headers['allow'], 'GET, HEAD', path);
    t.is(refused.body.code, 'method_not_allowed', path);
  }
});

test('ready gets 503 from the stop signal on, without a ledger query', async (t) => {
  let stopping = false;
  let asked = 0;
  const app = new Koa<RequestState>();
  app.use(edge({ log: keptLog().log, metrics: new Metrics(), newRequestId: () => 'r' }));
  const ledger = {
    probe: async () => {
      asked += 1;
    },
  };
  const isStopping = () => stopping;
  app.use(serve(readyEndpoint({ ledger, products: 1, modes: ['test'], isStopping })));
  t.is((await request(app.callback()).get('/')).status, 200);
  stopping = true;
  const refused = await request(app.callback()).get('/');
  t.is(refused.status, 503);
  t.is(refused.body.code, 'ledger_unavailable');
  t.is(asked, 1);
});
