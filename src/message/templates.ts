/** The templates of all versions of all texts: today's are loaded at once, former ones from storage. */
import type { Message } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import { compileMessage, type MessageTemplate, type MessageValues } from './template.ts';

/** Cached former versions: each is needed only when an old order is requested again. */
const MOST_FORMER = 100;

/** Makes the address of a license's page as it was at a moment (milliseconds since 1970-01-01). */
export type PageOf = (base: string, license: Uint8Array, at: number) => Promise<string>;

/** Makes the address of the newest download of a license as it was at a moment. */
export type LatestOf = (base: string, license: Uint8Array, product: string, at: number) => Promise<string>;

export interface AddressMakers {
  readonly pageOf?: PageOf | undefined;
  readonly latestOf?: LatestOf | undefined;
}

export class Templates {
  readonly #current: ReadonlyMap<string, MessageTemplate>;
  readonly #former = new Map<string, MessageTemplate>();
  readonly #findMessage: (digest: string) => Promise<Message | undefined>;

  readonly #makers: AddressMakers;

  /** Without a maker, no text has such an address. */
  constructor(
    current: readonly Message[],
    findMessage: (digest: string) => Promise<Message | undefined>,
    makers: AddressMakers = {},
  ) {
    this.#makers = makers;
    this.#current = new Map(current.map((message) => [message.digest, compileMessage(message)]));
    this.#findMessage = findMessage;
  }

  get(digest: string): MessageTemplate | Promise<MessageTemplate> {
    return this.#current.get(digest) ?? this.#former.get(digest) ?? this.#compileFormer(digest);
  }

  /** The addresses that a text of this version names, the same in every repeat. */
  async addressesOf(
    { page, downloads, productId }: Message,
    license: Uint8Array,
    at: number,
  ): Promise<Pick<MessageValues['license'], 'page' | 'latest'>> {
    const { pageOf, latestOf } = this.#makers;
    return {
      page: page === undefined ? undefined : await pageOf?.(page, license, at),
      latest: downloads === undefined ? undefined : await latestOf?.(downloads, license, productId, at),
    };
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
