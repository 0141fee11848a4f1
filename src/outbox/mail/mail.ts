/** A mail to one person. */
import type { Mailbox } from './settings.ts';

export interface Mail {
  readonly to: Mailbox;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same in every try: what is before the @ of the `Message-ID`. */
  readonly id: string;
  /** Of the first try, milliseconds since 1970-01-01. */
  readonly date: number;
}
