/** What the address of a download says where it sends no file: a page, or a problem where there are no pages. */
import type { DownloadWord } from '../domain/requests/offer.ts';
import { AppError, type ProblemCode } from '../errors.ts';

interface Word {
  readonly status: number;
  readonly problem: ProblemCode;
  readonly text: string;
}

export const SAID_OF = {
  gone: { status: 404, problem: 'unknown_path', text: 'There is nothing at this address.' },
  old: { status: 410, problem: 'unknown_path', text: 'This link is too old: ask for a new one.' },
  suspended: { status: 403, problem: 'license_suspended', text: 'This license is suspended.' },
  expired: { status: 403, problem: 'license_suspended', text: 'This license has run out.' },
  several: { status: 429, problem: 'too_many_requests', text: 'Too many downloads of this license at once.' },
  limit: { status: 429, problem: 'too_many_requests', text: 'This license was downloaded too often.' },
  busy: { status: 503, problem: 'overloaded', text: 'Too many downloads at once: try again.' },
  faulty: { status: 503, problem: 'overloaded', text: 'This file cannot be sent now.' },
} as const satisfies Readonly<Record<DownloadWord, Word>>;

/** Thrown where there are no pages. */
export function problemOf(word: DownloadWord): AppError {
  const { problem, text } = SAID_OF[word];
  return new AppError(problem, text, { detail: word });
}
