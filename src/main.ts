/** The process: settings -> service -> listen -> stop. */
import { getCompileCacheDir } from 'node:module';
import { EarlierStarts } from './catalog/earlier-starts.ts';
import { AppError, exitStatusOf } from './errors.ts';
import { createLog } from './log.ts';
import { banner } from './service/banner.ts';
import { openTraces } from './service/open-traces.ts';
import { startService } from './service/service.ts';
import { processConfig } from './service/settings.ts';
import { shrinkHeapSoon } from './service/shrink-heap.ts';

/** After the requests that waited for the start; the checks load files and read the ledger. */
const EXAMINE_AFTER_MILLISECONDS = 250;

try {
  const config = processConfig(process.env);
  const log = createLog(config.logLevel);
  const cache = getCompileCacheDir();
  const earlier = cache === undefined ? undefined : new EarlierStarts(cache);
  const tracing = await openTraces(process.env, process.cwd(), (line) => log.warn(line));
  const newLedger = process.argv.includes('--new-ledger');
  const service = await startService(config, { log, newLedger, earlier, traces: tracing?.traces });
  earlier?.save();
  const examining = setTimeout(() => {
    service
      .examine()
      .then(
        (lines) => process.stdout.write(lines.map((line) => `${line}\n`).join('')),
        (error: unknown) => log.warn({ err: error }, 'the sales so far could not be checked'),
      )
      .finally(shrinkHeapSoon);
  }, EXAMINE_AFTER_MILLISECONDS);
  const stop = async () => {
    clearTimeout(examining);
    try {
      await service.stop();
      await tracing?.close();
      log.info('stopped');
      log.flush();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, 'the stop failed');
      log.flush();
      process.exit(1);
    }
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A reader of this line may send a signal from now on.
  process.stdout.write(banner(service, config));
} catch (error) {
  process.stderr.write(`${startFault(error)}\n`);
  process.exit(exitStatusOf(error));
}

function startFault(error: unknown): string {
  if (error instanceof AppError) {
    return [
      error.message,
      ...(error.detail === undefined ? [] : [error.detail]),
      'Mintmark did not start.',
    ].join('\n');
  }
  if (error instanceof Error && 'syscall' in error && 'code' in error) {
    if (error.code === 'EADDRINUSE') {
      const address = 'address' in error && 'port' in error ? ` ${error.address}:${error.port}` : '';
      return `The address${address} is in use: stop the program that listens there, or set PORT (0 picks a free one).`;
    }
    if (error.syscall === 'listen' || error.syscall === 'getaddrinfo') {
      return `Nothing can listen at HOST and PORT (${error.code}): set HOST to an address of this machine, and PORT to a port that it may use.`;
    }
  }
  return `A fault in Mintmark itself: ${error instanceof Error ? error.stack : String(error)}`;
}
