/** A finding of the doctor: one sentence for the state, one sentence for the remedy. */
import { AppError } from '../errors.ts';

export interface Finding {
  /** The name of the check, in two or three words. */
  readonly check: string;
  /**
   * `fault`: the next sale fails or goes unnoticed, or a customer waits now. `warning`: this can happen.
   * `note`: the doctor cannot check it, or it is no fault.
   */
  readonly level: 'ok' | 'note' | 'warning' | 'fault';
  /** Without personal data, secrets or codes. */
  readonly so: string;
  readonly remedy?: string;
  /** With the level `note`: it cannot be told from here, now or ever. */
  readonly isUnknown?: true;
}

export function ok(check: string, so: string): Finding {
  return { check, level: 'ok', so };
}

export function note(check: string, so: string, remedy: string): Finding {
  return { check, level: 'note', so, remedy };
}

/** A note about what cannot be checked from here. */
export function untold(check: string, so: string, remedy: string): Finding {
  return { ...note(check, so, remedy), isUnknown: true };
}

export function warning(check: string, so: string, remedy: string): Finding {
  return { check, level: 'warning', so, remedy };
}

export function fault(check: string, so: string, remedy: string): Finding {
  return { check, level: 'fault', so, remedy };
}

/** What an error says to the person who runs the service, with its detail, on one line. */
export function said(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const detail = error instanceof AppError ? error.detail : undefined;
  const text = detail === undefined ? error.message : `${error.message} ${detail}`;
  return text.replaceAll(':\n', ': ').replaceAll('\n', '; ');
}
