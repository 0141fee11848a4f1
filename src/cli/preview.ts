/** `mintmark preview`: the mail of a product as a customer sees it, with made-up codes. */
import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { loadCatalog } from '../catalog/catalog.ts';
import { MAIL_TOPICS, type MailTopic } from '../domain/values/announcement.ts';
import type { Message, Product } from '../domain/values/product.ts';
import { AppError } from '../errors.ts';
import { mailPage, mailsPage } from '../message/mail-page.ts';
import { sampleMail, topicsOf } from '../message/sample-mail.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn, printJson } from './context.ts';

interface PreviewOptions {
  readonly out?: string;
  readonly codes: number;
  readonly test?: true;
  readonly topic: MailTopic;
  readonly language?: string;
  readonly all?: true;
  readonly text?: true;
  readonly json?: true;
}

const MOST_CODES = 1000;

export function previewCommand(context: CliContext): Command {
  return commandIn(context, 'preview')
    .description('show the mail of a product as a customer will see it')
    .argument('<product>', 'the name of a product file, without .md')
    .option('--out <file>', 'the HTML file to write (default: preview-<product>.html in this folder)')
    .option('--codes <n>', `the number of units, 1 to ${MOST_CODES}`, codeCount, 1)
    .option('--test', 'show the mail of a test order')
    .addOption(new Option('--topic <topic>', 'the occasion of the mail').choices(MAIL_TOPICS).default('sold'))
    .option('--language <tag>', 'the text in a further language of the product, such as de')
    .option('--all', 'show the mails of all occasions in all languages in one file')
    .option('--text', 'print the Markdown of the reply, and write no file')
    .option('--json', 'print {product, subject, text, file}')
    .addHelpText(
      'after',
      `
The codes are made up: they look like license codes and unlock nothing.

Example:
  $ ${RUN} preview example --codes 3`,
    )
    .action((product: string, options: PreviewOptions) => preview(context, product, options));
}

async function preview(context: CliContext, productId: string, options: PreviewOptions): Promise<void> {
  const catalog = await loadCatalog(context.config().productsDir);
  const product = catalog.get(productId);
  if (!product) {
    const known = catalog.all().map(({ id }) => id);
    throw new AppError('not_found', `There is no product ${productId}. There are: ${known.join(', ')}.`);
  }
  const mailOf = (message: Message, reason: MailTopic) =>
    sampleMail(
      product,
      message,
      reason,
      { units: options.codes, isTest: options.test === true },
      context.now(),
    );
  const { subject, text, language } = mailOf(textOf(product, options.language), options.topic);
  const file = options.out ?? `preview-${product.id}.html`;
  if (!options.text) {
    const messages = [product.message, ...Object.values(product.translations)];
    const mails = messages.flatMap((message) => topicsOf(product).map((topic) => mailOf(message, topic)));
    const title = `${product.name}: preview of the mail`;
    await write(file, options.all ? mailsPage(title, mails) : mailPage(title, text, language));
  }
  if (options.json)
    printJson(context, { product: product.id, subject, text, file: options.text ? null : file });
  else if (options.text) context.stdout(text);
  else
    context.stdout(
      `${file}: the ${options.all ? 'mails' : 'mail'} of ${product.name}. Open it in a browser.\n`,
    );
}

function textOf({ id, message, translations }: Product, language: string | undefined): Message {
  if (language === undefined) return message;
  const text = Object.hasOwn(translations, language) ? translations[language] : undefined;
  if (text !== undefined) return text;
  throw new AppError('not_found', `There is no ${id}.${language}.md beside ${id}.md.`);
}

async function write(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (cause) {
    throw new AppError('bad_usage', `${file} cannot be written: choose another place with --out.`, { cause });
  }
}

function codeCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST_CODES) return count;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_CODES}.`);
}
