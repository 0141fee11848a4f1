/** deploy/fly and deploy/render: their files, their settings, and what Fly runs first. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { readConfig, SECRET_NAMES } from '../../src/service/config.ts';
import { ROOT, run } from './place.ts';
import { flyFile, renderFile } from './platform-files.ts';

const FOLDER = join(ROOT, 'deploy');
const NODE = join(ROOT, 'node_modules/node/bin');
/** Milliseconds that a stop may take: src/service/service.ts. */
const STOP_SECONDS = 10;

export async function tryFly(folder: string): Promise<void> {
  const file = join(FOLDER, 'fly/fly.toml');
  const toml = 'import json, sys, tomllib; print(json.dumps(tomllib.load(open(sys.argv[1], "rb"))))';
  const text = run({ folder, nodeFolder: NODE }, 'python3', '-c', toml, file);
  const fly = flyFile.parse(JSON.parse(text));
  refusesSlip(flyFile, fly);
  assert.equal(fly.mounts.length, 1, 'one volume');
  assert.equal(fly.vm.length, 1, 'one machine');
  assert.equal(fly.deploy.strategy, 'immediate', 'two machines cannot share a volume');
  const { auto_stop_machines, min_machines_running, internal_port, checks } = fly.http_service;
  assert.deepEqual(
    { auto_stop_machines, min_machines_running },
    { auto_stop_machines: 'off', min_machines_running: 1 },
  );
  assert.ok(Number.parseInt(fly.kill_timeout, 10) > STOP_SECONDS);
  const dockerfile = readFileSync(join(FOLDER, 'fly', fly.build.dockerfile), 'utf8');
  const stage = new RegExp(`^FROM \\w+ AS ${fly.build['build-target']}$`, 'm');
  assert.match(dockerfile, stage);
  assert.match(dockerfile, /\nFROM service\n*$/, 'the default image is the last stage');
  assert.match(dockerfile, new RegExp(`PORT=${internal_port}\\b`));
  assert.ok(checks.every(({ path }) => path === '/health/ready'));
  const config = readConfig({ ...fly.env, FLY_APP_NAME: fly.app, HOST: '0.0.0.0' }, () => '');
  assert.equal(config.publicUrl, `https://${fly.app}.fly.dev`);
  assert.deepEqual(config.warnings, []);
  startsAsUser(folder);
}

/** Runs Fly's entry point with a volume that belongs to root. */
function startsAsUser(folder: string): void {
  if (process.getuid?.() !== 0) {
    process.stdout.write('fly: start needs root, and was not run\n');
    return;
  }
  const env = { DATA_DIR: join(folder, 'a/shop'), KEYS_DIR: join(folder, 'a/keys') };
  run({ folder: '/', nodeFolder: NODE }, 'chmod', '0755', folder);
  const place = { folder, nodeFolder: NODE, env };
  const words = ['sh', '-c', 'id -u; id -G; touch "$DATA_DIR/ledger" "$KEYS_DIR/keyring"'];
  assert.equal(run(place, join(FOLDER, 'fly/start'), ...words), '1000\n1000\n');
  for (const path of Object.values(env)) {
    const { uid, mode } = statSync(path);
    assert.deepEqual({ uid, mode: mode & 0o777 }, { uid: 1000, mode: 0o700 });
  }
}

export async function tryRender(): Promise<void> {
  const render = renderFile.parse(parse(readFileSync(join(FOLDER, 'render/render.yaml'), 'utf8')));
  refusesSlip(renderFile, render);
  const [service, another] = render.services;
  assert.ok(service !== undefined && another === undefined, 'one service');
  assert.notEqual(service.plan, 'free', 'a free instance has no disk');
  assert.equal(service.numInstances, 1, 'a disk has one instance');
  assert.ok(service.maxShutdownDelaySeconds > STOP_SECONDS);
  assert.equal(service.healthCheckPath, '/health/ready');
  const values = Object.fromEntries(
    service.envVars.map((each) => [each.key, 'value' in each ? each.value : undefined]),
  );
  const platform = { RENDER_EXTERNAL_URL: 'https://mintmark.onrender.com', PORT: '10000' };
  const config = readConfig({ ...values, ...platform }, () => '');
  assert.equal(config.publicUrl, platform.RENDER_EXTERNAL_URL);
  assert.deepEqual(config.warnings, []);
  for (const path of [config.ledgerFile, config.ledgerMark, config.keysDir])
    assert.ok(path.startsWith(`${service.disk.mountPath}/`), `${path} is on the disk`);
  assert.ok(existsSync(join(ROOT, config.productsDir, 'example.md')), 'products come with the repository');
  for (const each of service.envVars)
    if ('sync' in each) assert.ok(SECRET_NAMES.includes(each.key), `${each.key} is a setting`);
}

/** Control: a key that the shape does not know is a fault. */
function refusesSlip(shape: z.ZodType, file: object): void {
  assert.equal(shape.safeParse({ ...file, mispelled: true }).success, false);
}
