/** The versions of the products' texts that replies were made of. */
import type { Message } from '../../domain/product.ts';
import type { Connection } from './connection.ts';

export class Messages {
  readonly #insert;
  readonly #select;
  readonly #products;

  constructor(connection: Connection) {
    this.#insert = connection.prepare(
      'INSERT INTO message (digest, content) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING',
    );
    this.#select = connection
      .prepare<[Buffer], string>('SELECT content FROM message WHERE digest = +?')
      .pluck();
    this.#products = connection
      .prepare<[], string>("SELECT DISTINCT content ->> '$.productId' FROM message WHERE json_valid(content)")
      .pluck();
  }

  keep(message: Message): void {
    this.#insert.run(Buffer.from(message.digest, 'hex'), contentOf(message));
  }

  find(digest: string): Message | undefined {
    const content = this.#select.get(Buffer.from(digest, 'hex'));
    return content === undefined ? undefined : { digest, ...JSON.parse(content) };
  }

  products(): string[] {
    return this.#products.all();
  }

  /** True for a message that is, to the letter, what was kept under its digest. */
  isIntact(digest: string, digestOf: (message: Message) => string): boolean {
    const content = this.#select.get(Buffer.from(digest, 'hex'));
    if (content === undefined) return false;
    const { productId, productName, features, body }: Message = JSON.parse(content);
    const message = { digest, productId, productName, features, body };
    return digestOf(message) === digest && contentOf(message) === content;
  }
}

function contentOf({ productId, productName, features, body }: Message): string {
  return JSON.stringify({ productId, productName, features, body });
}
