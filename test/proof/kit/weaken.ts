/** Loaded before a service (`node --import`): replaces parts of one source file while it loads. */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { type Weakness, weakenText } from './weakening.ts';

const weakness: Weakness = JSON.parse(process.env['WEAKEN'] ?? '{}');
const target = new URL(`../../../${weakness.file}`, import.meta.url).href;
// A control without its file would test the unchanged service.
if (!existsSync(new URL(target))) throw new Error(`there is no ${weakness.file} to weaken`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== target || loaded.source == null) return loaded;
    const { source } = loaded;
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    return { ...loaded, source: weakenText(text, weakness) };
  },
});
