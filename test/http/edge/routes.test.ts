import test from 'ava';
import Koa from 'koa';
import request from 'supertest';
import { AppError } from '../../../src/errors.ts';
import type { Endpoint } from '../../../src/http/edge/endpoint.ts';
import type { RequestState } from '../../../src/http/edge/request.ts';
import { routesOf } from '../../../src/http/edge/routes.ts';

const described = { tag: 'for programs', summary: '', answers: {}, problems: [] } as const;

function endpointAt(path: string): Endpoint {
  return {
    path,
    get: described,
    handle: (context) => {
      context.body = `${path} ${JSON.stringify(context['params'])}`;
    },
  };
}

function listen() {
  const app = new Koa<RequestState>();
  app.use(async (context, next) => {
    try {
      await next();
    } catch (error) {
      context.body = error instanceof AppError ? error.code : 'another error';
    }
  });
  return app.use(routesOf([endpointAt('/v1/:product'), endpointAt('/v1/:product/:day')])).callback();
}

test('a path that is asked again gets the endpoint and the parameters of the first time, beside other paths', async (t) => {
  const app = listen();
  const paths = ['/v1/app', '/v1/Other%20app', '/v1/app/today', '/V1/app/', '/v1/a%ff'];
  const first: string[] = [];
  for (const path of paths) first.push((await request(app).get(path)).text);
  t.is(new Set(first).size, paths.length - 1, 'only /V1/app/ is another spelling of a path');
  for (const [place, path] of paths.entries()) t.is((await request(app).get(path)).text, first[place] ?? '');
});

test('more paths than are kept are answered by their own endpoints', async (t) => {
  const app = listen();
  for (let round = 0; round < 2; round++) {
    for (let each = 0; each < 101; each++) {
      t.is((await request(app).get(`/v1/${each}`)).text, `/v1/:product {"product":"${each}"}`);
    }
  }
});

test('an address that no endpoint has stays unknown, and a method that the path does not take is refused each time', async (t) => {
  const app = listen();
  for (let round = 0; round < 2; round++) {
    t.is((await request(app).get('/v2/app')).status, 404);
    const { text, headers } = await request(app).post('/v1/app');
    t.deepEqual([text, headers['allow']], ['method_not_allowed', 'GET, HEAD']);
    t.is((await request(app).get('/v1/app')).text, '/v1/:product {"product":"app"}');
  }
});
