/** The modes in which a sale can come in. */

import type { Mode } from '../domain/order.ts';
import type { Config } from './config.ts';

export function servedModes({ paddleClassic, fastSpring, simulator }: Config): Mode[] {
  const modes: Mode[] = [];
  const sellsAtFastSpring = fastSpring.licenseKeys.length > 0 || fastSpring.webhookSecrets.length > 0;
  if (paddleClassic.publicKey || sellsAtFastSpring) modes.push('live');
  if (paddleClassic.sandboxPublicKey || simulator) modes.push('test');
  return modes;
}
