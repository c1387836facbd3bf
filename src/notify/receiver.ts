import type { NewsEvent } from '../driver/core/conditions.js';
import type { Notice } from '../driver/core/news.js';

/** In what form a receiver wants to be told. */
export type ReceiverType = 'webhook' | 'slack' | 'discord' | 'ntfy';

/** Where notices go. Its address, secret and token are credentials: never shown, logged or told. */
export interface Receiver {
  readonly name: string;
  readonly type: ReceiverType;
  readonly url: URL;
  /** Signs what a `webhook` gets. */
  readonly secret?: string;
  /** Opens an `ntfy` topic. */
  readonly token?: string;
  /** Names of applications, `*` for any text. @default - all, and what concerns no single one */
  readonly apps?: readonly string[];
  /** @default - all */
  readonly events?: readonly NewsEvent[];
}

/** Whether a receiver wants to be told. What concerns all applications is for those who ask for none in particular, or for `*`. */
export function wants({ apps, events }: Pick<Receiver, 'apps' | 'events'>, { app, event }: Notice): boolean {
  const isWantedApp = apps === undefined || apps.some((pattern) => matches(pattern, app ?? ''));
  return isWantedApp && (events === undefined || events.includes(event));
}

/** Without expressions: a pattern of many stars takes no longer than the name is. */
function matches(pattern: string, name: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  const end = rest.pop();
  if (end === undefined) {
    return name === start;
  }
  if (!name.startsWith(start) || name.length < start.length + end.length || !name.endsWith(end)) {
    return false;
  }
  let from = start.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0 || found + part.length > name.length - end.length) {
      return false;
    }
    from = found + part.length;
  }
  return true;
}
