/** The names of Stripe's stories, for the command's help: the stories themselves are loaded when they are played. */

export const STORIES = [
  'subscription',
  'trial',
  'pause',
  'overdue',
  'refund',
  'failed-refund',
  'bundle',
  'dispute',
  'discount',
] as const;

export type Story = (typeof STORIES)[number];
