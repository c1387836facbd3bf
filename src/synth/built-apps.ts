import { createHash } from 'node:crypto';
import { canonicalJson } from '../app/canonical-json.js';
import { appOfPath, isForeign } from './child/repository-parts.js';
import type { SynthRequest } from './port.js';
import type { ChildMessage } from './schema.js';

/** What was built, and what was found out about it. */
type BuiltMessage = Extract<ChildMessage, { type: 'built' | 'checked' }>;
type Made = Pick<SynthRequest, 'objectIds' | 'settings'>;

/**
 * What applications were built as, for as long as what they are made of stays the same: their folder, the program outside of `apps/`, and stack
 * config. It holds only for applications that were seen not to read each other's folders.
 */
export class BuiltApps {
  /** The messages as text, which is a fifth of the object's size in memory. */
  readonly #known = new Map<string, { readonly key: string; readonly text: string }>();

  /** The messages of the applications that did not change. */
  find(apps: readonly string[], made: Made): Map<string, readonly BuiltMessage[]> {
    const keyOf = keysOf(made);
    const found = new Map<string, readonly BuiltMessage[]>();
    for (const app of apps) {
      const known = this.#known.get(app);
      if (known !== undefined && known.key === keyOf(app)) {
        found.set(app, JSON.parse(known.text) as BuiltMessage[]);
      }
    }
    return found;
  }

  /** Takes over what a run said, unless some application read what belongs to another; forgets applications that are not there any more. */
  keep(apps: readonly string[], made: Made, messages: readonly ChildMessage[]): void {
    const present = new Set(apps);
    [...this.#known.keys()].filter((app) => !present.has(app)).forEach((app) => this.#known.delete(app));
    if (messages.length === 0) {
      return;
    }
    if (!tellsSeparateApps(messages)) {
      this.clear();
      return;
    }
    const incomplete = new Set(messages.flatMap((message) => (message.type === 'missing' ? [message.app] : [])));
    const keyOf = keysOf(made);
    const checked = new Map(messages.filter((one) => one.type === 'checked').map((one) => [one.app, one]));
    for (const message of messages.filter((message) => message.type === 'built')) {
      const key = incomplete.has(message.app) ? undefined : keyOf(message.app);
      if (key !== undefined) {
        const check = checked.get(message.app);
        this.#known.set(message.app, { key, text: JSON.stringify(check === undefined ? [message] : [message, check]) });
      }
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#known.clear();
  }
}

/** Whether a child looked, and saw no application read what belongs to another. */
export function tellsSeparateApps(messages: readonly ChildMessage[]): boolean {
  const looked = messages.some((message) => message.type === 'started' && message.tellsReach === true);
  return looked && !messages.some(({ type }) => type === 'reached');
}

/** What every application may be made of: neither a folder of one, nor what none reads. `apps` itself changes with each of them. */
function isProgram(path: string): boolean {
  return path !== 'apps' && appOfPath(path) === undefined && !isForeign(path);
}

/** What identifies all that an application is made of; undefined where that cannot be told. */
function keysOf({ objectIds, settings }: Made): (app: string) => string | undefined {
  if (objectIds === undefined) {
    return () => undefined;
  }
  const program = Object.entries(objectIds).filter(([path]) => isProgram(path));
  const secretKeys = [...settings.secretKeys].sort();
  const text = canonicalJson({ program: Object.fromEntries(program), settings: settings.settings, secretKeys });
  const shared = createHash('sha256').update(text).digest('hex');
  return (app) => {
    const folder = objectIds[`apps/${app}`];
    return folder === undefined ? undefined : `${shared} ${folder}`;
  };
}
