/** Loaded before a service (`node --import`): replaces parts of source files while they load. */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { type Weakness, weakenText } from './weakening.ts';

const weaknesses: readonly Weakness[] = JSON.parse(process.env['WEAKEN'] ?? '[]');
const targets = new Map(
  weaknesses.map((weakness) => [new URL(`../../../${weakness.file}`, import.meta.url).href, weakness]),
);
for (const [target, { file }] of targets) {
  // A control without its file would test the unchanged service.
  if (!existsSync(new URL(target))) throw new Error(`there is no ${file} to weaken`);
}

registerHooks({
  load(url, context, nextLoad) {
    const weakness = targets.get(url);
    if (weakness === undefined) return nextLoad(url, context);
    const text = readFileSync(new URL(url), 'utf8');
    return { format: 'module-typescript', source: weakenText(text, weakness), shortCircuit: true };
  },
});
