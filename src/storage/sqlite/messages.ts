/** The versions of the products' texts that replies were made of. */
import type { Message } from '../../domain/product.ts';
import type { Connection } from './open.ts';

export class Messages {
  readonly #insert;
  readonly #select;

  constructor(connection: Connection) {
    this.#insert = connection.prepare(
      'INSERT INTO message (digest, content) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING',
    );
    this.#select = connection
      .prepare<[Buffer], string>('SELECT content FROM message WHERE digest = ?')
      .pluck();
  }

  keep(message: Message): void {
    const { digest, ...content } = message;
    this.#insert.run(Buffer.from(digest, 'hex'), JSON.stringify(content));
  }

  find(digest: string): Message | undefined {
    const content = this.#select.get(Buffer.from(digest, 'hex'));
    return content === undefined ? undefined : { digest, ...JSON.parse(content) };
  }
}
