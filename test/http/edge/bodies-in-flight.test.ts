import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { AppError } from '../../../src/errors.ts';
import { BodiesInFlight } from '../../../src/http/edge/bodies-in-flight.ts';
import { readBody } from '../../../src/http/edge/body.ts';
import fc from '../../kit/fast-check.ts';

const MIB = 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';

test('fault 62: if all bodies together exceed the limit, the largest body is aborted once and the others stay', (t) => {
  const bodies = new BodiesInFlight(100);
  const given: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => bodies.open(() => given.push(name)));
  a!.grow(10);
  b!.grow(60);
  c!.grow(30);
  t.deepEqual(given, []);
  a!.grow(1);
  t.deepEqual(given, ['b']);
  t.is(bodies.held, 41);
  b!.grow(1000);
  b!.close();
  t.is(bodies.held, 41, 'what was given up is not counted again');
  c!.grow(100);
  t.deepEqual(given, ['b', 'c'], 'it may be the one that grows');
  a!.close();
  a!.close();
  t.is(bodies.held, 0);
});

/** The peak of bytes held by bodies that grow and end at random. */
const peakOf = (bodies: BodiesInFlight, acts: readonly (readonly [number, number])[]) => {
  const holders = Array.from({ length: 5 }, () => bodies.open(() => {}));
  return Math.max(
    ...acts.map(([place, bytes]) => {
      if (bytes === 0) holders[place]?.close();
      else holders[place]?.grow(bytes);
      return bodies.held;
    }),
  );
};
const acts = fc.array(fc.tuple(fc.nat(4), fc.nat(60)), { minLength: 1 });

test('the bytes held never exceed the limit; control: without a limit they do', (t) => {
  const holds = (most: number) =>
    !fc.check(fc.property(acts, (list) => peakOf(new BodiesInFlight(most), list) <= 100)).failed;
  t.true(holds(100));
  t.false(holds(Number.POSITIVE_INFINITY));
});

interface Crowd {
  /** The maximum in bytes. */
  readonly peak: number;
  /** The outcomes of the many bodies, and of the honest body. */
  readonly outcomes: readonly string[];
  readonly honest: string;
}

/** Sends many bodies that never end and, when all of them have arrived, a small honest body. */
async function crowd(
  t: ExecutionContext,
  bodies: BodiesInFlight,
  count: number,
  size: number,
): Promise<Crowd> {
  let peak = 0;
  const outcomes: string[] = [];
  const server = createServer(async (request, response) => {
    request.on('data', () => {
      peak = Math.max(peak, bodies.held);
    });
    const outcome = await readBody(request, FORM, 2 * MIB, bodies).then(
      (body) => body.toString(),
      (error: unknown) => (error instanceof AppError ? error.code : String(error)),
    );
    outcomes.push(outcome);
    response.setHeader('Connection', 'close').end(outcome);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: ${2 * MIB}\r\n\r\n`;
  const piece = Buffer.concat([Buffer.from(head), Buffer.alloc(size, 'a')]);
  await Promise.all(
    Array.from({ length: count }, () => {
      const socket = connect(port, '127.0.0.1');
      t.teardown(() => socket.destroy());
      // Completely written, or already refused.
      return new Promise<void>((resolve) => {
        socket.on('error', () => resolve());
        socket.on('data', () => resolve());
        socket.write(piece, () => setTimeout(resolve, 50));
      });
    }),
  );
  const sent = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'Content-Type': FORM },
    body: 'a=1',
  });
  return { peak, outcomes: outcomes.filter((outcome) => outcome !== 'a=1'), honest: await sent.text() };
}

test('some of 60 bodies that fill the memory are aborted, and a concurrent sale succeeds', async (t) => {
  const { peak, outcomes, honest } = await crowd(t, new BodiesInFlight(16 * MIB), 60, MIB);
  t.true(peak > 8 * MIB && peak <= 16 * MIB, `${peak} bytes`);
  t.true(outcomes.length >= 40 && outcomes.every((outcome) => outcome === 'overloaded'), outcomes.join());
  t.is(honest, 'a=1');
});

test('control: without a limit the same bodies take more memory', async (t) => {
  const { peak, outcomes, honest } = await crowd(t, new BodiesInFlight(Number.POSITIVE_INFINITY), 60, MIB);
  t.true(peak > 48 * MIB, `${peak} bytes`);
  t.deepEqual(outcomes, []);
  t.is(honest, 'a=1');
});

test('a body that was read or aborted is no longer counted', async (t) => {
  const bodies = new BodiesInFlight();
  const ended = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    readBody(request, FORM, MIB, bodies).then(
      () => response.end('read'),
      (error: AppError) => ended.resolve(error.code),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const body = 'a'.repeat(100_000);
  await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'Content-Type': FORM, Connection: 'close' },
    body,
  });
  t.is(bodies.held, 0);
  const socket = connect(port, '127.0.0.1');
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: 9\r\n\r\nab`);
  while (bodies.held === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  socket.destroy();
  t.is(await ended.promise, 'malformed_request');
  t.is(bodies.held, 0);
});
