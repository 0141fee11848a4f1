/**
 * The rounds: every contender has a turn in each round, so that changes of the machine affect all contenders. A turn in
 * which other processes took too much CPU is repeated; the quietest turn counts.
 */
import type { ClientProcess } from './client-process.ts';
import type { Player } from './contenders.ts';
import { machineCpu, shareOfOthers } from './noise.ts';

/** The share of the machine that other processes can take during a turn. */
export const MOST_NOISE = 0.06;

export interface Turn {
  /** Microseconds of the server's CPU per order or event: the decisive figure. */
  readonly cpu: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The share of the machine that other processes took, 0 to 1; undefined where unknown. */
  readonly others: number | undefined;
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly connections: number;
  readonly attempts: number;
  readonly progress: (text: string) => void;
  /** Also measured in each round. */
  readonly eachRound?: () => void;
}

export async function playRounds<Contender extends Player>(
  contenders: readonly Contender[],
  client: ClientProcess,
  { rounds, connections, attempts, progress, eachRound }: RoundsOptions,
): Promise<ReadonlyMap<Contender, readonly Turn[]>> {
  const turns = new Map<Contender, Turn[]>(contenders.map((contender) => [contender, []]));
  const measure = createMeasure(client, connections);
  for (const contender of contenders) {
    progress(`warming up: ${contender.title}`);
    await measure(contender, contender.warmUp);
  }
  for (let round = 1; round <= rounds; round++) {
    eachRound?.();
    for (const [contender, played] of turns) {
      progress(`round ${round} of ${rounds}: ${contender.title}`);
      played.push(await quietTurn(() => measure(contender, contender.requests), attempts));
    }
  }
  return turns;
}

async function quietTurn(measure: () => Promise<Turn>, attempts: number): Promise<Turn> {
  let quietest = await measure();
  for (let attempt = 1; attempt < attempts && isNoisy(quietest); attempt++) {
    const turn = await measure();
    if ((turn.others ?? 0) < (quietest.others ?? 0)) quietest = turn;
  }
  return quietest;
}

export function isNoisy({ others }: Turn): boolean {
  return others !== undefined && others > MOST_NOISE;
}

/** A turn of a contender. New orders are new to its server; repeats are the orders of the last turn of new orders. */
function createMeasure(client: ClientProcess, connections: number) {
  const nextOrder = new Map<string, number>();
  let lastNew = 0;
  return async (contender: Player, count: number): Promise<Turn> => {
    const { kind, server } = contender;
    // Two contenders on one server must not send the same orders.
    const series = `${server.port} ${kind}`;
    let first = lastNew;
    if (kind !== 'repeats') {
      first = nextOrder.get(series) ?? 0;
      nextOrder.set(series, first + count);
      if (kind === 'new orders') lastNew = first;
    }
    const ready = await client.prepare({
      kind,
      port: server.port,
      connections: contender.connections ?? connections,
      first,
      count,
    });
    const before = { server: (await server.read()).cpu, machine: machineCpu(), own: ownCpu() };
    const done = await client.go();
    const after = { machine: machineCpu(), own: ownCpu(), server: (await server.read()).cpu };
    const cpu = after.server - before.server;
    const own = cpu + done.cpu - ready.cpu + after.own - before.own;
    return {
      cpu: cpu / (done.requests * contender.each),
      perSecond: (done.requests * contender.each) / done.seconds,
      p50: done.p50,
      p99: done.p99,
      others:
        before.machine === undefined || after.machine === undefined
          ? undefined
          : shareOfOthers(after.machine - before.machine, own, done.seconds),
    };
  };
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
