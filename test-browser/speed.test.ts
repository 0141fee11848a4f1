/** Readings a second in Chromium, beside the bare signature check of the same library in the same page. */
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { build } from 'esbuild';
import { unarmor } from '../src/license-code/armor.ts';
import { keyring, liveKey, mint, PRODUCT, TODAY } from '../test/license-code/sample.ts';
import { openChromium } from './support/chromium.ts';
import type { SpeedResult, SpeedTask } from './support/speed-page.ts';

const CODES = 40;
const ROUNDS = 10;
/** Reading may cost this much of what the signature costs, and no more. */
const LEAST_SHARE = 0.9;

test('a reading costs hardly more than the check of its signature', async (t) => {
  const browser = await openChromium(t);
  // A page with its own clock: one that stands still, or in whole milliseconds, would measure nothing.
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
  const task: SpeedTask = {
    options: { product: PRODUCT, keyring, today: TODAY },
    codes,
    records: codes.map((code) => [...unarmor(code)]),
    publicKey: [...liveKey.publicKey],
    rounds: ROUNDS,
  };
  const { read, check } = await page.evaluate(
    (given) => (globalThis as unknown as { measure(task: SpeedTask): SpeedResult }).measure(given),
    task,
  );
  const [reading, checking] = [undisturbed(read), undisturbed(check)];
  const share = checking / reading;
  const perSecond = (milliseconds: number) => (1000 / milliseconds).toFixed(0);
  t.log(
    `${browser.version()}: ${perSecond(reading)} readings a second (${reading.toFixed(2)} ms each), ` +
      `${perSecond(checking)} bare checks, share ${share.toFixed(3)}, fastest tenths of ${read.length} of each`,
  );
  t.true(reading > 0.01, 'the clock runs');
  t.true(share >= LEAST_SHARE, `${share}`);
});

/** What nine of ten take at least: on a busy machine, the time without what else it did. */
function undisturbed(milliseconds: readonly number[]): number {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 10)] ?? 0;
}
