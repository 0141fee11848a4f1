/** Starts OpenTelemetry where its standard variables ask for it and its packages are installed: they are no dependency. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../marketplaces/marketplace.ts';
import { type TraceApi, Traces } from './traces.ts';

const API = '@opentelemetry/api';
const SDK = '@opentelemetry/sdk-node';

/** Each asks for traces (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables). */
const ASKING = ['OTEL_TRACES_EXPORTER', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

export interface OpenedTraces {
  readonly traces: Traces;
  /** Sends what waits, and gives up after a second, for a process that stands still afterwards. Never rejects. */
  flush(): Promise<void>;
  /** Sends what waits. Never rejects. */
  close(): Promise<void>;
}

/** A marketplace waits for its answer meanwhile. */
const FLUSH_MILLISECONDS = 1_000;

interface Provider {
  forceFlush?(): Promise<void>;
}

/** The provider of the API hands over to that of the SDK. */
interface ProviderApi {
  readonly trace: { getTracerProvider(): Provider & { getDelegate?(): Provider } };
}

interface Sdk {
  readonly NodeSDK: new (options: {
    readonly serviceName: string;
  }) => {
    start(): void;
    shutdown(): Promise<void>;
  };
}

/**
 * Undefined where nothing asks for it. The SDK reads its variables itself. `folder`: where the packages are looked for
 * first, before Mintmark's own. `warn` gets a sentence where they are missing or faulty: sales go on.
 */
export async function openTraces(
  environment: Environment,
  folder: string,
  warn: (line: string) => void,
): Promise<OpenedTraces | undefined> {
  if (!isAsked(environment)) return undefined;
  const files = [API, SDK].map((name) => resolve(name, folder));
  const [apiFile, sdkFile] = files;
  if (apiFile === undefined || sdkFile === undefined) {
    warn(`OTEL_…: nothing is traced: install the packages with  npm install ${API} ${SDK}`);
    return undefined;
  }
  try {
    return await start(apiFile, sdkFile, environment);
  } catch (error) {
    warn(`OTEL_…: nothing is traced: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function start(apiFile: string, sdkFile: string, environment: Environment): Promise<OpenedTraces> {
  const { NodeSDK } = (await load(sdkFile)) as unknown as Sdk;
  const sdk = new NodeSDK({ serviceName: environment['OTEL_SERVICE_NAME'] || 'mintmark' });
  sdk.start();
  const api = (await load(apiFile)) as unknown as TraceApi & ProviderApi;
  return {
    traces: new Traces(api),
    flush: () => flush(api),
    close: () => sdk.shutdown().catch(() => {}),
  };
}

async function flush({ trace }: ProviderApi): Promise<void> {
  const provider = trace.getTracerProvider();
  const sent = (provider.getDelegate?.() ?? provider).forceFlush?.().catch(() => {});
  await Promise.race([sent, sleep(FLUSH_MILLISECONDS, undefined, { ref: false })]);
}

function isAsked(environment: Environment): boolean {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  if (environment['OTEL_TRACES_EXPORTER'] === 'none') return false;
  return ASKING.some((name) => environment[name]);
}

function resolve(name: string, folder: string): string | undefined {
  for (const from of [pathToFileURL(join(folder, 'package.json')).href, import.meta.url]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
  const { default: whole } = module;
  // A package in CommonJS may have its names in `default` only.
  return typeof whole === 'object' && whole !== null ? { ...whole, ...module } : module;
}
