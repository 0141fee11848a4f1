/**
 * The shapes of fly.toml and render.yaml, as far as deploy/ uses them: strict, so that a misspelled key is a fault. Made
 * from fly.io/docs/reference/configuration and render.com/docs/blueprint-spec; the platforms' own schemas are not part of
 * the project. `fly config validate` and `render blueprints validate` check against those.
 */
import { z } from 'zod';

const duration = z.string().regex(/^\d+(ms|s|m)$/);
const size = z.string().regex(/^\d+(mb|gb)$/);
const setting = z.string().regex(/^[A-Z][A-Z0-9_]*$/);
const absolute = z.string().startsWith('/');

export const flyFile = z.strictObject({
  app: z.string().regex(/^[a-z0-9-]+$/),
  primary_region: z.string().length(3),
  kill_signal: z.enum(['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGKILL', 'SIGSTOP']),
  kill_timeout: duration,
  build: z.strictObject({ dockerfile: z.string(), 'build-target': z.string() }),
  deploy: z.strictObject({ strategy: z.enum(['immediate', 'rolling', 'bluegreen', 'canary']) }),
  env: z.record(setting, z.string()),
  mounts: z.array(
    z.strictObject({
      source: z.string().regex(/^[a-z0-9_]{1,30}$/),
      destination: absolute,
      initial_size: size,
      snapshot_retention: z.int().min(1).max(60),
    }),
  ),
  http_service: z.strictObject({
    internal_port: z.int().min(1).max(65_535),
    force_https: z.boolean(),
    auto_stop_machines: z.enum(['off', 'stop', 'suspend']),
    auto_start_machines: z.boolean(),
    min_machines_running: z.int().min(0),
    checks: z.array(
      z.strictObject({
        method: z.string(),
        path: absolute,
        interval: duration,
        timeout: duration,
        grace_period: duration,
      }),
    ),
  }),
  vm: z.array(z.strictObject({ size: z.string(), memory: size })),
});

const variable = z.union([
  z.strictObject({ key: setting, value: z.string() }),
  z.strictObject({ key: setting, generateValue: z.literal(true) }),
  z.strictObject({ key: setting, sync: z.literal(false) }),
]);

export const renderFile = z.strictObject({
  services: z.array(
    z.strictObject({
      type: z.enum(['web', 'pserv', 'worker', 'cron']),
      name: z.string(),
      runtime: z.enum(['node', 'docker', 'image']),
      plan: z.enum(['free', 'starter', 'standard', 'pro', 'pro plus', 'pro max', 'pro ultra']),
      region: z.enum(['oregon', 'ohio', 'virginia', 'frankfurt', 'singapore']),
      numInstances: z.int().min(1),
      buildCommand: z.string(),
      startCommand: z.string(),
      healthCheckPath: absolute,
      maxShutdownDelaySeconds: z.int().min(1).max(300),
      disk: z.strictObject({ name: z.string(), mountPath: absolute, sizeGB: z.int().min(1) }),
      envVars: z.array(variable),
    }),
  ),
});
