/** The contenders, in the order of each round. */
import type { Kind } from './client.ts';
import { BATCH } from './events.ts';
import type { Options } from './options.ts';
import { ServerProcess } from './server-process.ts';
import type { Stage } from './stage.ts';

export type ContenderName =
  | 'hello'
  | 'floor'
  | 'plain'
  | 'new'
  | 'repeats'
  | 'without outbox'
  | 'floor, one connection'
  | 'new, one connection'
  | 'filled'
  | 'event floor'
  | 'events'
  | 'batch floor'
  | 'batches';

/** A contender. */
export interface Player {
  readonly title: string;
  readonly kind: Kind;
  readonly server: ServerProcess;
  readonly requests: number;
  readonly warmUp: number;
  /** Orders or events in one request; the figures are per order or event. */
  readonly each: number;
  /** Default: those of the run. */
  readonly connections?: number;
}

export interface Contender extends Player {
  readonly name: ContenderName;
  /** The contender that is the floor of this contender's figures. */
  readonly floor: ContenderName;
}

export const MINTMARK = '../src/main.ts';

/** Starts the servers; resolves when all listen. `filled` is the data folder of a ledger with licenses. */
export async function startContenders(
  stage: Stage,
  options: Options,
  filled: string | undefined,
): Promise<readonly Contender[]> {
  const { requests, warmUp, plainRequests, plainWarmUp, profileFolder } = options;
  const start = (
    name: string,
    program: string,
    dataDir?: string,
    env: Readonly<Record<string, string>> = {},
  ) => ServerProcess.start(stage, { name, program, profileFolder, ...(dataDir && { dataDir }), env });
  const fast = { requests, warmUp, floor: 'floor', each: 1 } as const;
  const batches = { requests: Math.ceil(requests / 10), warmUp: Math.ceil(warmUp / 10), each: BATCH };
  const mintmark = await start('mintmark', MINTMARK);
  const floor = await start('floor', 'servers/floor.ts');
  const contenders: Contender[] = [
    {
      name: 'hello',
      title: 'Koa, hello',
      kind: 'hello',
      server: await start('hello', 'servers/hello.ts'),
      ...fast,
    },
    {
      name: 'floor',
      title: 'the floor: body, RSA check',
      kind: 'new orders',
      server: floor,
      ...fast,
    },
    {
      name: 'plain',
      title: 'the plain way',
      kind: 'new orders',
      server: await start('plain', 'servers/plain.ts'),
      ...fast,
      requests: plainRequests,
      warmUp: plainWarmUp,
    },
    { name: 'new', title: 'Mintmark, new orders', kind: 'new orders', server: mintmark, ...fast },
    // After `new` and on its server, since it repeats the orders of that turn.
    { name: 'repeats', title: 'Mintmark, repeats', kind: 'repeats', server: mintmark, ...fast },
    // What the outbox costs where nobody is told.
    {
      name: 'without outbox',
      title: 'Mintmark, outbox off',
      kind: 'new orders',
      server: await start('without-outbox', MINTMARK, undefined, { OUTBOX: 'off' }),
      ...fast,
    },
  ];
  // The waiting time of a buyer who shares the commit with no other buyer.
  const alone = {
    ...fast,
    kind: 'new orders',
    requests: Math.ceil(requests / 3),
    warmUp: Math.ceil(warmUp / 10),
    connections: 1,
    floor: 'floor, one connection',
  } as const;
  contenders.push(
    { name: 'floor, one connection', title: 'the floor, one connection', server: floor, ...alone },
    { name: 'new, one connection', title: 'Mintmark, one connection', server: mintmark, ...alone },
  );
  const eventFloor = await start('event-floor', 'servers/event-floor.ts');
  // The code of an event is compiled up to about the 20,000th: until then the compiler takes an eighth of the CPU.
  const byOne = { kind: 'events', ...fast, warmUp: 2 * warmUp, floor: 'event floor' } as const;
  const byMany = { kind: 'batches', ...batches, floor: 'batch floor' } as const;
  contenders.push(
    { name: 'event floor', title: 'the floor: body, HMAC, JSON', server: eventFloor, ...byOne },
    { name: 'events', title: 'Mintmark, an event', server: mintmark, ...byOne },
    { name: 'batch floor', title: `the floor, an event of ${BATCH}`, server: eventFloor, ...byMany },
    { name: 'batches', title: `Mintmark, an event of ${BATCH}`, server: mintmark, ...byMany },
  );
  if (filled !== undefined) {
    contenders.push({
      name: 'filled',
      title: `Mintmark, ${options.licenses} held`,
      kind: 'new orders',
      server: await start('filled', MINTMARK, filled),
      ...fast,
    });
  }
  for (const { server } of contenders) await server.ready();
  return contenders;
}
