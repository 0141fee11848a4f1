/** The table `code`: the codes of revisions above a license's first. */
export interface CodeRow {
  readonly license: number;
  readonly revision: number;
  readonly text: string;
}

export const CODE_COLUMNS: readonly (keyof CodeRow)[] = ['license', 'revision', 'text'];
