/** deploy/prometheus by Debian's promtool: the alarms are valid, and fire where they should. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './place.ts';

const FOLDER = join(ROOT, 'deploy/prometheus');
const TESTS = ['alarms.test.yaml', 'alarms-days.test.yaml'] as const;

/** An alarm with another limit has to fail its test. */
const CONTROLS = [
  ['alarms.test.yaml', 'mintmark_undelivered_units > 0', 'mintmark_undelivered_units > 2'],
  ['alarms-days.test.yaml', '> 2 * 86400', '> 20 * 86400'],
] as const;

export async function tryPrometheus(folder: string): Promise<void> {
  const place = { folder, nodeFolder: join(ROOT, 'node_modules/node/bin') };
  for (const name of ['alarms.yaml', ...TESTS]) copyFileSync(join(FOLDER, name), join(folder, name));
  run(place, 'promtool', 'check', 'rules', 'alarms.yaml');
  for (const name of TESTS) run(place, 'promtool', 'test', 'rules', name);
  const alarms = readFileSync(join(FOLDER, 'alarms.yaml'), 'utf8');
  for (const [name, limit, other] of CONTROLS) {
    assert.ok(alarms.includes(limit), limit);
    writeFileSync(join(folder, 'alarms.yaml'), alarms.replace(limit, other));
    assert.throws(() => run(place, 'promtool', 'test', 'rules', name), /FAILED/, `control: ${other}`);
  }
}
