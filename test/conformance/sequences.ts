/** Plays sequences of calls that revealed faults in the running service, each to its expected end. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { play } from '../faults/play.ts';
import { Player } from '../faults/player.ts';
import type { Played, Sequence, Step } from '../faults/steps.ts';
import type { Outcome } from './ed25519.ts';
import { ENDS, type End } from './ends/ends.ts';

/** One outcome; empty without the sequences. */
export async function sequences(shared: string): Promise<Outcome[]> {
  const folder = join(shared, 'faults', 'seq');
  if (!existsSync(folder)) return [];
  const products = filesIn(join(shared, 'faults', 'products'), '.md');
  const failed: string[] = [];
  const texts = Object.values(filesIn(folder, '.json'));
  for (const text of texts) {
    const sequence: Sequence = JSON.parse(text);
    const faults = await faultsOf(sequence, products);
    if (faults.length > 0) failed.push(`${sequence.id}: ${faults.join('; ')}`);
  }
  return [{ name: 'sequences of faults', passed: texts.length - failed.length, failed }];
}

/** The texts of the files with that extension, by their names without it. */
function filesIn(folder: string, ending: string): Record<string, string> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort();
  return Object.fromEntries(
    files.map((file) => [basename(file, ending), readFileSync(join(folder, file), 'utf8')]),
  );
}

async function faultsOf(
  sequence: Sequence,
  products: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const end = ENDS[sequence.id];
  if (end === undefined) return ['test/conformance/ends has no end for it'];
  const acts: (() => void | Promise<void>)[] = [];
  try {
    const player = await Player.open({ teardown: (act) => acts.unshift(act) }, { products });
    const played = await play(player, withPaths(sequence.steps, end.paths ?? []));
    return [...stepFaults(played, end), ...(await endFaults(player, end))];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    for (const act of acts) await act();
  }
}

/** Each license request names its path, as the docs require where a file lists several paths. */
function withPaths(steps: readonly Step[], paths: readonly string[]): readonly Step[] {
  let requests = 0;
  return steps.map((step) => {
    if (!('request' in step)) return step;
    const product = paths[requests];
    requests += 1;
    return product === undefined ? step : { ...step, fields: { ...step.fields, product } };
  });
}

function stepFaults(played: readonly Played[], { finds = [], statuses = {}, says = {} }: End): string[] {
  const faults = played.flatMap(({ step, status, text }, number) => {
    const isCall = 'request' in step || 'paddle' in step || 'alert' in step || 'events' in step;
    const wanted = statuses[number] ?? (isCall ? 200 : status);
    const said = says[number] ?? /^/;
    return [
      ...(status === wanted ? [] : [`step ${number}: expected ${wanted}, was ${status}`]),
      ...(said.test(text) ? [] : [`step ${number} does not say ${said}`]),
    ];
  });
  const found = played.filter(({ step }) => 'find' in step).map(({ text }) => text);
  for (const [place, wanted] of finds.entries()) {
    if (!wanted.test(found[place] ?? ''))
      faults.push(`find ${place}: expected ${wanted}, was "${found[place]}"`);
  }
  return faults;
}

async function endFaults(player: Player, { told = {}, flags = {}, features = {} }: End): Promise<string[]> {
  const faults: string[] = [];
  for (const [order, wanted] of Object.entries(told)) {
    const lines = await player.told(order);
    const fits = lines.length === wanted.length && wanted.every((each, place) => isLine(each, lines[place]));
    if (!fits) faults.push(`${order}: expected [${wanted.join('; ')}], is [${lines.join('; ')}]`);
  }
  for (const [order, wanted] of Object.entries(features)) {
    const bits = (await player.licenses(order)).map((license) => license.features);
    if (bits.join() !== wanted.join()) faults.push(`${order}: expected features ${wanted}, are ${bits}`);
  }
  for (const [order, wanted] of Object.entries(flags)) {
    const kinds = await player.flagged(order).catch((error: unknown) => [String(error)]);
    const missing = wanted.filter((kind) => !kinds.includes(kind));
    if (missing.length > 0)
      faults.push(`${order}: is not flagged as ${missing.join()}, but [${kinds.join('; ')}]`);
  }
  return faults;
}

function isLine(wanted: string | RegExp, line = ''): boolean {
  return typeof wanted === 'string' ? line === wanted : wanted.test(line);
}
