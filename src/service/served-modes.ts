/** The modes of the sales that can arrive. */
import type { Mode } from '../domain/values/order.ts';
import { type Config, isLive } from './config.ts';

export function servedModes({ accounts, simulator }: Config): Mode[] {
  const modes: Mode[] = [];
  if (accounts.some(isLive)) modes.push('live');
  if (simulator || accounts.some(({ sandbox }) => sandbox)) modes.push('test');
  return modes;
}
