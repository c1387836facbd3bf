import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import type { StackSettings } from '../app/desired-state.js';
import { ConfigError } from '../base/errors.js';

/** Tags that the daemon chose; not a setting of applications. */
const NOT_SETTINGS = new Set(['images']);

const stackFileSchema = z.object({ config: z.record(z.string(), z.unknown()).nullish() }).nullish();

/**
 * What synthesis may see of a `Pulumi.<stack>.yaml`: plain values of a project, and the names of its secret ones.
 * @param file the file's name, for messages
 * @throws ConfigError `config/invalid` when the text is no stack configuration
 */
export function parseStackSettings(text: string, file: string, project = 'prodesk'): StackSettings {
  const settings: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [fullKey, value] of Object.entries(readConfig(text, file))) {
    const key = fullKey.startsWith(`${project}:`) ? fullKey.slice(project.length + 1) : undefined;
    if (key === undefined || NOT_SETTINGS.has(key)) {
      continue;
    }
    if (isSecret(value)) {
      secretKeys.push(key);
    } else {
      settings[key] = typeof value === 'string' ? value : JSON.stringify(value);
    }
  }
  return { settings, secretKeys };
}

function isSecret(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'secure' in value;
}

function readConfig(text: string, file: string): Record<string, unknown> {
  try {
    return stackFileSchema.parse(parse(text))?.config ?? {};
  } catch (error) {
    // The rest of a parser's message, and an error as a cause, would show lines of the file.
    const [reason = ''] = error instanceof YAMLParseError ? error.message.split('\n') : ['its "config" must be a map'];
    throw new ConfigError('config/invalid', `${file} is not a stack configuration: ${reason.replace(/:$/, '')}`);
  }
}
