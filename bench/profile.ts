/** node bench/profile.ts FILE: sums up a .cpuprofile by function and by package, without idle time. */
import { readFileSync } from 'node:fs';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds from one sample to the next. */
  readonly timeDeltas: readonly number[];
}

const MOST_LINES = 60;
const IDLE = new Set(['(idle)', '(program)', '(root)']);

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('node bench/profile.ts FILE\n');
  process.exit(2);
}
const { byFunction, byRoom, total } = sumUp(JSON.parse(readFileSync(file, 'utf8')) as Profile);
print('by package or room', byRoom, total);
print('by function, self time', byFunction, total);

function sumUp({ nodes, samples, timeDeltas }: Profile) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byRoom = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || IDLE.has(frame.functionName)) continue;
    const time = timeDeltas[index + 1] ?? 0;
    const place = shortPlace(frame.url);
    const name = `${frame.functionName || '(anonymous)'} ${place}${place && `:${frame.lineNumber + 1}`}`;
    byFunction.set(name, (byFunction.get(name) ?? 0) + time);
    const room = roomOf(place, frame.functionName);
    byRoom.set(room, (byRoom.get(room) ?? 0) + time);
    total += time;
  }
  return { byFunction, byRoom, total };
}

function shortPlace(url: string): string {
  return url.replace(/^.*\/node_modules\//, '').replace(/^file:.*?\/(src|bench)\//, '$1/');
}

/** A package, a folder of src, Node.js itself, or the engine. */
function roomOf(place: string, functionName: string): string {
  if (place === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (place.startsWith('node:')) return 'node';
  return place
    .split('/')
    .slice(0, /^(src|bench|@)/.test(place) ? 2 : 1)
    .join('/');
}

function print(title: string, times: ReadonlyMap<string, number>, total: number): void {
  const lines = [...times].sort(([, a], [, b]) => b - a).slice(0, MOST_LINES);
  process.stdout.write(`${title}\n`);
  for (const [name, time] of lines) {
    const percent = ((100 * time) / total).toFixed(1).padStart(5);
    process.stdout.write(`${percent} %  ${(time / 1000).toFixed(0).padStart(6)} ms  ${name}\n`);
  }
  process.stdout.write('\n');
}
