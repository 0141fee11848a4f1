/** Loaded before a service (`node --import`): changes pieces of one source file on its way into the process. */
import { registerHooks } from 'node:module';
import type { Weakness } from './weakening.ts';

const { file, changes }: Weakness = JSON.parse(process.env['WEAKEN'] ?? '{}');
const target = new URL(`../../${file}`, import.meta.url).href;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== target || loaded.source == null) return loaded;
    const { source } = loaded;
    let text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    for (const [find, replace] of changes) {
      const pieces = text.split(find);
      // A control that changes nothing would be taken for a proof.
      if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times: ${find}`);
      text = pieces.join(replace);
    }
    return { ...loaded, source: text };
  },
});
