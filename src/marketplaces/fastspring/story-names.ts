/** The names of FastSpring's stories, for the command's help: the stories themselves are loaded when they are played. */

export type Story = 'subscription' | 'refund' | 'bundle' | 'chargeback' | 'overdue';

export const STORIES: readonly Story[] = ['subscription', 'refund', 'bundle', 'chargeback', 'overdue'];
