/** What a person chose for this browser: the theme, and whether single keys do something. Kept in a cookie. */
import type { Context } from '../../http/edge/request.ts';

export interface Looks {
  readonly theme: 'light' | 'dark' | undefined;
  readonly shortcuts: 'on' | 'off';
}

const NAME = 'mintmark-looks';

export function chosenLooks(context: Context): Looks {
  const pairs = context
    .get('Cookie')
    .split(';')
    .map((pair) => pair.trim());
  const [theme, shortcuts] = (pairs.find((pair) => pair.startsWith(`${NAME}=`)) ?? '')
    .slice(NAME.length + 1)
    .split('.');
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
    shortcuts: shortcuts === 'off' ? 'off' : 'on',
  };
}

export function chooseLooks(context: Context, { theme, shortcuts }: Looks): void {
  const value = `${theme ?? 'system'}.${shortcuts}`;
  context.append('Set-Cookie', `${NAME}=${value}; Path=/console; Max-Age=31536000; HttpOnly; SameSite=Lax`);
}
