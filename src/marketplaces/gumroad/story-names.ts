/** The names of Gumroad's stories, for the command's help: the stories themselves are loaded when they are played. */

export const STORIES = [
  'sale',
  'free',
  'gift',
  'membership',
  'trial',
  'upgrade',
  'restart',
  'payment-failed',
  'installments',
  'refund',
  'renewal-refund',
  'dispute',
] as const;

export type Story = (typeof STORIES)[number];
