import { StalledError } from '../base/errors.js';
import { howToSet } from '../app/set-secret.js';
import type { MissingConfig } from './child/app-context.js';

/** The error that lists every missing stack-config value and the command that sets it. */
export function missingConfigError(missing: readonly (MissingConfig & { readonly app: string })[]): StalledError {
  const apps = new Map<string, Set<string>>();
  for (const { kind, key, app } of missing) {
    const line = commandFor({ kind, key });
    apps.set(line, (apps.get(line) ?? new Set()).add(app));
  }
  const lines = [...apps].sort(([a], [b]) => (a < b ? -1 : 1));
  const list = lines.map(([line, users]) => `  ${line}    # ${[...users].sort().join(', ')}`);
  return new StalledError(
    'config/missing',
    `${lines.length} stack-config ${lines.length === 1 ? 'value is' : 'values are'} missing; set with:\n${list.join('\n')}`,
  );
}

function commandFor({ kind, key }: MissingConfig): string {
  return kind === 'secret' ? howToSet(key) : `pulumi config set prodesk:${key} VALUE`;
}
