/** Loaded before a service (`node --import`): replaces parts of one source file while it loads. */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Weakness } from './weakening.ts';

const { file, changes }: Weakness = JSON.parse(process.env['WEAKEN'] ?? '{}');
const target = new URL(`../../../${file}`, import.meta.url).href;
// A control without its file would test the unchanged service.
if (!existsSync(new URL(target))) throw new Error(`there is no ${file} to weaken`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== target || loaded.source == null) return loaded;
    const { source } = loaded;
    let text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    for (const [find, replace] of changes) {
      const pieces = text.split(find);
      // A control that changes nothing would prove nothing.
      if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times: ${find}`);
      text = pieces.join(replace);
    }
    return { ...loaded, source: text };
  },
});
