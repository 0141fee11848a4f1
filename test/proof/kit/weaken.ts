/** Loaded before a service (`node --import`): replaces parts of one source file while it loads. */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { type Weakness, weakenText } from './weakening.ts';

const weakness: Weakness = JSON.parse(process.env['WEAKEN'] ?? '{}');
const target = new URL(`../../../${weakness.file}`, import.meta.url).href;
// A control without its file would test the unchanged service.
if (!existsSync(new URL(target))) throw new Error(`there is no ${weakness.file} to weaken`);

registerHooks({
  load(url, context, nextLoad) {
    if (url !== target) return nextLoad(url, context);
    const text = readFileSync(new URL(url), 'utf8');
    return { format: 'module-typescript', source: weakenText(text, weakness), shortCircuit: true };
  },
});
