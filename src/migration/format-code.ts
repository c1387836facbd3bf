import { join } from 'node:path';
import type { Formatter } from './app-source.js';

/** A formatter with the settings that a project has for its applications. */
export async function createFormatter(project: string): Promise<Formatter> {
  const { format, resolveConfig } = await import('prettier');
  const settings = (await resolveConfig(join(project, 'apps', 'app', 'app.ts'))) ?? {};
  return (code) => format(code, { printWidth: 120, singleQuote: true, ...settings, parser: 'typescript' });
}
