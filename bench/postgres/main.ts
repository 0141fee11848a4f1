/**
 * `npm run bench -- --postgres [--quick] [--licenses N]`: what an order costs on a private PostgreSQL, beside SQLite, with one
 * instance and with three, beside pgbench, and with many licenses held.
 */
import { parseArgs } from 'node:util';
import { ClientProcess } from '../client-process.ts';
import { MINTMARK } from '../contenders.ts';
import { ServerProcess } from '../server-process.ts';
import { createStage } from '../stage.ts';
import { median } from '../statistics.ts';
import { BenchDatabase } from './database.ts';
import { repeatStatements } from './same-statements.ts';
import { type Entrant, medianTurn, type Turn, Turns } from './turns.ts';

const INSTANCES = 3;
const CONNECTIONS = 32;
/** As many for each of the instances as a single one has in the other rows. */
const MANY_CONNECTIONS = INSTANCES * CONNECTIONS;

const { values } = parseArgs({
  options: {
    postgres: { type: 'boolean' },
    quick: { type: 'boolean', default: false },
    licenses: { type: 'string', default: '' },
    rounds: { type: 'string', default: '' },
  },
});
const amounts = values.quick
  ? { rounds: 2, requests: 600, warmUp: 600, licenses: 20_000, pgbench: 1, repeated: 3200 }
  : { rounds: 7, requests: 1500, warmUp: 10_000, licenses: 3_000_000, pgbench: 4, repeated: 16_000 };
const rounds = Number(values.rounds || amounts.rounds);
const licenses = Number(values.licenses || amounts.licenses);

const stage = await createStage();
const database = await BenchDatabase.start();
const servers: ServerProcess[] = [];
const clients = Array.from({ length: INSTANCES }, () => new ClientProcess(stage));
try {
  const start = async (name: string, env: Readonly<Record<string, string>> = {}) => {
    const server = await ServerProcess.start(stage, { name, program: MINTMARK, env });
    servers.push(server);
    await server.ready();
    return server;
  };
  const file = await start('sqlite');
  const instances: ServerProcess[] = [];
  for (let place = 0; place < INSTANCES; place++)
    instances.push(await start(`postgres-${place}`, { LEDGER_URL: database.url }));
  const one = instances.slice(0, 1);
  const connections = CONNECTIONS;
  const entrants = {
    file: { title: 'SQLite, new orders', kind: 'new orders', servers: [file], connections },
    fileRepeats: { title: 'SQLite, repeats', kind: 'repeats', servers: [file], connections },
    one: { title: 'PostgreSQL, new orders', kind: 'new orders', servers: one, connections },
    oneRepeats: { title: 'PostgreSQL, repeats', kind: 'repeats', servers: one, connections },
    three: {
      title: `PostgreSQL, ${INSTANCES} instances, new orders`,
      kind: 'new orders',
      servers: instances,
      connections,
    },
    oneOfMany: {
      title: `PostgreSQL, new orders, ${MANY_CONNECTIONS} at a time`,
      kind: 'new orders',
      servers: one,
      connections: MANY_CONNECTIONS,
    },
    threeOfMany: {
      title: `PostgreSQL, ${INSTANCES} instances, new orders, ${MANY_CONNECTIONS} at a time`,
      kind: 'new orders',
      servers: instances,
      connections: MANY_CONNECTIONS,
    },
  } as const satisfies Readonly<Record<string, Entrant>>;
  const turns = new Turns(clients, database);
  const played = await playAll(turns, Object.values(entrants));
  const pgbench = [await database.pgbench(amounts.pgbench), await database.pgbench(amounts.pgbench)];
  process.stderr.write('repeating the statements of the ledger\n');
  const groupSize = Math.max(1, Math.round(played.get(entrants.one.title)?.group ?? 1));
  const sizes = [...new Set([CONNECTIONS, groupSize])];
  const same = new Map<number, number>();
  for (const size of sizes)
    same.set(size, await repeatStatements(database, size, Math.ceil(amounts.repeated / size)));
  process.stderr.write(`filling ${licenses} licenses\n`);
  await database.fill(licenses);
  const held = await playAll(turns, [entrants.one]);
  const of = (entrant: Entrant, among = played) => {
    const turn = among.get(entrant.title);
    if (turn === undefined) throw new TypeError(`${entrant.title} was not played`);
    return turn;
  };
  const filled = of(entrants.one, held);
  const rows: [string, Turn][] = [...played];
  rows.push([`PostgreSQL, new orders, ${licenses} held`, filled]);
  const best = median(pgbench.map(({ cpu }) => cpu));
  const [first, three, sqlite] = [of(entrants.one), of(entrants.three), of(entrants.file)];
  const [oneOfMany, threeOfMany] = [of(entrants.oneOfMany), of(entrants.threeOfMany)];
  process.stdout.write(
    [
      '| | service µs | database µs | a second | p50 ms | p99 ms | group |',
      '|---|--:|--:|--:|--:|--:|--:|',
      ...rows.map(
        ([title, { node, database: server, perSecond, p50, p99, group }]) =>
          `| ${title} | ${node.toFixed(0)} | ${server.toFixed(0)} | ${perSecond.toFixed(0)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${group.toFixed(1)} |`,
      ),
      ...[...same].map(
        ([size, cpu]) => `| pgbench, the same statements | | ${cpu.toFixed(0)} | | | | ${size} |`,
      ),
      `| pgbench, the same rows by one statement | | ${best.toFixed(0)} | ${median(pgbench.map(({ perSecond }) => perSecond)).toFixed(0)} | | | 32 |`,
      '',
      `CPU of the service, PostgreSQL : SQLite  ${(first.node / sqlite.node).toFixed(2)}`,
      ...[...same].map(
        ([size, cpu]) =>
          `CPU of the database : the same statements in groups of ${String(size).padEnd(2)}  ${(first.database / cpu).toFixed(2)}`,
      ),
      `CPU of the database : one statement      ${(first.database / best).toFixed(2)}`,
      `orders a second, ${INSTANCES} instances : one      ${(three.perSecond / first.perSecond).toFixed(2)}`,
      `the same with ${MANY_CONNECTIONS} at a time             ${(threeOfMany.perSecond / oneOfMany.perSecond).toFixed(2)}`,
      `p99 : p50                                ${(first.p99 / first.p50).toFixed(2)}`,
      `CPU of both, ${licenses} held : none     ${((filled.node + filled.database) / (first.node + first.database)).toFixed(2)}`,
      '',
    ].join('\n'),
  );
} finally {
  for (const client of clients) client.stop();
  for (const server of servers) await server.stop();
  database.cluster.stop();
  stage.remove();
}

/** The median turn of each, all in each round. */
async function playAll(turns: Turns, entrants: readonly Entrant[]): Promise<ReadonlyMap<string, Turn>> {
  const played = new Map<string, Turn[]>(entrants.map(({ title }) => [title, []]));
  // As in the bench of SQLite: until then the compiler takes a fifth of the CPU, and longer where there is more code.
  for (const entrant of entrants) await turns.play(entrant, amounts.warmUp * entrant.servers.length);
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const entrant of entrants)
      played.get(entrant.title)?.push(await turns.play(entrant, amounts.requests));
  }
  return new Map([...played].map(([title, each]) => [title, medianTurn(each)]));
}
