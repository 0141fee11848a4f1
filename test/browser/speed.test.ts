/** Readings a second in Chromium, beside the bare signature check of the same library in the same page. */
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { build } from 'esbuild';
import { keyring, liveKey, mint, PRODUCT, TODAY } from '../kit/sample-codes.ts';
import { openChromium } from './support/chromium.ts';
import type { Measure, SpeedTask } from './support/speed-page.ts';

const CODES = 10;
const ROUNDS = 40;
/** The speed of reading as a part of that of the bare check. */
const LEAST_RATIO = 0.9;

test('a reading has at least 0.9 of the speed of the bare signature check', async (t) => {
  const browser = await openChromium(t);
  // A page with its own clock: the one that openPage sets stands still.
  const page = await browser.newPage();
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('support/speed-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'error',
  });
  await page.addScriptTag({ content: outputFiles[0]!.text });
  const codes = Array.from({ length: CODES }, (_, revision) => mint({ revision }));
  const measure = (rounds: number, times: number) => {
    const task: SpeedTask = {
      options: { product: PRODUCT, keyring, today: TODAY },
      codes,
      publicKey: [...liveKey.publicKey],
      rounds,
      times,
    };
    return page.evaluate((given) => (globalThis as unknown as { measure: Measure }).measure(given), task);
  };
  const { readsPerSecond, checksPerSecond, ratio, lowerQuartile, upperQuartile } = await measure(ROUNDS, 1);
  t.log(
    `Chromium ${browser.version()}: ${readsPerSecond.toFixed(0)} reads/s, ${checksPerSecond.toFixed(0)} bare checks/s, ` +
      `ratio ${ratio.toFixed(3)} (quartiles ${lowerQuartile.toFixed(3)} to ${upperQuartile.toFixed(3)})`,
  );
  // On a busy machine the rounds scatter, and their median with them.
  t.true(upperQuartile >= LEAST_RATIO, `${upperQuartile}`);
  t.true((await measure(ROUNDS / 4, 2)).upperQuartile < LEAST_RATIO, 'control: a reader half as fast');
});
