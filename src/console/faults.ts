/** What a page says where it cannot be shown, and what to do. */
import { AppError } from '../errors.ts';

interface Fault {
  readonly title: string;
  readonly help: string;
}

const SLOW = {
  title: 'It took too long',
  help: 'Reading was given up after 5 seconds. Sales go on meanwhile: they wait for no page. Try again, or narrow it down.',
};

/** `status`: of the page. */
export function faultPage(error: unknown, status: number): Fault {
  return error instanceof AppError && error.code === 'slow_read' ? SLOW : (FAULTS[status] ?? FAULT);
}

const FAULT = {
  title: 'Something went wrong',
  help: 'A fault on our side. It is in the log, under the id of this request.',
};

const FAULTS: Readonly<Record<number, Fault>> = {
  403: { title: 'Not from here', help: 'Get in again, and come back to where you were.' },
  404: {
    title: 'Nothing here',
    help: 'Search for it above: an order, an e-mail address, a license id or a code.',
  },
  405: { title: 'Not like this', help: 'Go back, and use the buttons of the page.' },
  409: {
    title: 'It changed meanwhile',
    help: 'Nothing was done. Look at it as it is now, and decide again.',
  },
  422: { title: 'Something is missing', help: 'Go back and correct it: nothing was done.' },
  429: { title: 'Too many tries', help: 'Wait a quarter of an hour. Sessions that are open go on.' },
  503: {
    title: 'The ledger cannot be read now',
    help: 'Sales that cannot be written are meanwhile answered with 503, and their marketplaces send them again. Look at the log and the disk.',
  },
};
