/** The process: settings -> service -> listen -> stop. */
import './node-version.ts';
import { banner } from './banner.ts';
import { AppError } from './errors.ts';
import { createLog } from './log.ts';
import { startService } from './service.ts';
import { processConfig } from './settings.ts';

try {
  const config = processConfig(process.env);
  const log = createLog(config.logLevel);
  const service = await startService(config, { log });
  process.stdout.write(banner(service, config));

  const stop = async () => {
    try {
      await service.stop();
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
} catch (error) {
  process.stderr.write(`${startFault(error)}\n`);
  process.exit(1);
}

function startFault(error: unknown): string {
  if (error instanceof AppError) {
    return [error.message, ...(error.detail === undefined ? [] : [error.detail]), 'Mintmark did not start.'].join('\n');
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'The address is taken: stop what listens there, or set PORT (0 picks a free one).';
  }
  return `A fault in Mintmark itself: ${error instanceof Error ? error.stack : String(error)}`;
}
