/** The names of Lemon Squeezy's stories, for the command's help: the stories themselves are loaded when they are played. */

export const STORIES = [
  'subscription',
  'trial',
  'pause',
  'overdue',
  'plan-change',
  'refund',
  'renewal-refund',
  'discount',
] as const;

export type Story = (typeof STORIES)[number];
