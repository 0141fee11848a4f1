/** What earlier starts found out about the product files. */
import { join } from 'node:path';
import { ParsedHeads } from './parsed-heads.ts';
import { PassedTexts } from './passed-texts.ts';

export class EarlierStarts {
  readonly heads: ParsedHeads;
  readonly #texts: PassedTexts;

  /** `folder`: beside the compile cache. `code` identifies the code that finds it out; default: read from its files. */
  constructor(folder: string, code?: string) {
    this.heads = new ParsedHeads(join(folder, 'parsed-heads.json'), code);
    this.#texts = new PassedTexts(join(folder, 'passed-texts.json'), code);
  }

  get checkText() {
    return this.#texts.check;
  }

  /** For the next start. */
  save(): void {
    this.heads.save();
    this.#texts.save();
  }
}

/** Without a member: found out again. */
export type FoundBefore = Partial<Pick<EarlierStarts, 'checkText' | 'heads'>>;
