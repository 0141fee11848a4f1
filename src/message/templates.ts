/** The templates of all versions of all texts: today's are loaded at once, former ones from storage. */
import type { Message } from '../domain/product.ts';
import { AppError } from '../errors.ts';
import { compileMessage, type MessageTemplate } from './template.ts';

/** Cached former versions: each is needed only when an old order is requested again. */
const MOST_FORMER = 100;

/** Makes the address of a license's page as it was at a moment (milliseconds since 1970-01-01). */
export type PageOf = (base: string, license: Uint8Array, at: number) => Promise<string>;

export class Templates {
  readonly #current: ReadonlyMap<string, MessageTemplate>;
  readonly #former = new Map<string, MessageTemplate>();
  readonly #findMessage: (digest: string) => Promise<Message | undefined>;

  readonly #pageOf: PageOf | undefined;

  /** Without `pageOf`, no text has a page. */
  constructor(
    current: readonly Message[],
    findMessage: (digest: string) => Promise<Message | undefined>,
    pageOf?: PageOf,
  ) {
    this.#pageOf = pageOf;
    this.#current = new Map(current.map((message) => [message.digest, compileMessage(message)]));
    this.#findMessage = findMessage;
  }

  async get(digest: string): Promise<MessageTemplate> {
    return this.#current.get(digest) ?? this.#former.get(digest) ?? this.#compileFormer(digest);
  }

  /** The page that a text of this version names, the same in every repeat; undefined: it names none. */
  async pageOf({ page }: Message, license: Uint8Array, at: number): Promise<string | undefined> {
    return page === undefined ? undefined : this.#pageOf?.(page, license, at);
  }

  async #compileFormer(digest: string): Promise<MessageTemplate> {
    const message = await this.#findMessage(digest);
    if (message === undefined) {
      throw new AppError('ledger_damaged', 'The ledger cannot be used.', {
        detail: `an answer refers to the message ${digest}, which is not there`,
      });
    }
    const template = compileMessage(message);
    if (this.#former.size >= MOST_FORMER) this.#former.clear();
    this.#former.set(digest, template);
    return template;
  }
}
