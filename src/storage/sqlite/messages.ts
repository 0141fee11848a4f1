/** The table `message`: the versions of the products' texts that replies were made of. */
import type { Message } from '../../domain/values/product.ts';
import { equal } from './conditions.ts';
import type { Connection } from './file/connection.ts';
import { prepareInsert } from './insert.ts';

interface MessageRow {
  readonly digest: Buffer;
  /** JSON. */
  readonly content: string;
}

export class Messages {
  readonly #insert;
  readonly #select;
  readonly #products;

  constructor(connection: Connection) {
    this.#insert = prepareInsert<MessageRow>(
      connection,
      'message',
      ['digest', 'content'],
      'ON CONFLICT (digest) DO NOTHING',
    );
    this.#select = connection
      .prepare<[Pick<MessageRow, 'digest'>], string>(`SELECT content FROM message WHERE ${equal('digest')}`)
      .pluck();
    this.#products = connection
      .prepare<[], string>("SELECT DISTINCT content ->> '$.productId' FROM message WHERE json_valid(content)")
      .pluck();
  }

  keep(message: Message): void {
    this.#insert.run({ digest: Buffer.from(message.digest, 'hex'), content: contentOf(message) });
  }

  find(digest: string): Message | undefined {
    const content = this.#contentOf(digest);
    return content === undefined ? undefined : { digest, ...JSON.parse(content) };
  }

  products(): string[] {
    return this.#products.all();
  }

  /** True if the stored text is exactly the text of its digest. */
  isIntact(digest: string, digestOf: (message: Message) => string): boolean {
    const content = this.#contentOf(digest);
    if (content === undefined) return false;
    const message: Message = { digest, ...JSON.parse(content) };
    return digestOf(message) === digest && contentOf(message) === content;
  }

  #contentOf(digest: string): string | undefined {
    return this.#select.get({ digest: Buffer.from(digest, 'hex') });
  }
}

/** An absent field leaves no trace: texts of older releases stay as they are. */
function contentOf(message: Message): string {
  const { productId, productName, features, body, language, subject, renewUrl, page, downloads } = message;
  return JSON.stringify({
    productId,
    productName,
    features,
    body,
    language,
    subject,
    renewUrl,
    page,
    downloads,
  });
}
