import type { Document } from 'yaml';
import { z } from 'zod';
import type { ImageOverrides, StackSettings } from '../app/desired-state.js';
import { ConfigError } from '../base/errors.js';
import { parseYamlMap } from './yaml-map.js';

const PREFIX = 'prodesk:';
/** The stack-config key of image overrides: the one thing in the file that is not Git's. */
const IMAGES = `${PREFIX}images`;
/** What decrypts secret values; it makes sense only together with them. */
const ENCRYPTION_KEYS = ['secretsprovider', 'encryptedkey', 'encryptionsalt'] as const;

const imageOverrides = z.record(z.string(), z.record(z.string(), z.string()));

/** The text of a `Pulumi.<stack>.yaml` file, taken apart and put together. Comments stay. */
export class StackSettingsFile {
  readonly #document: Document;
  readonly #file: string;

  /** @throws ConfigError `config/invalid` naming the file and the line, or the key */
  constructor(text: string, file: string) {
    this.#document = parseYamlMap(text, file);
    this.#file = file;
    this.overrides();
    this.#config();
  }

  /** Plain values, and the names of secret ones. */
  settings(): StackSettings {
    const own = Object.entries(this.#config())
      .filter(([key]) => key.startsWith(PREFIX) && key !== IMAGES)
      .map(([key, value]) => ({ key: key.slice(PREFIX.length), value }));
    const plain = own.filter(({ value }) => !holdsSecret(value));
    return {
      settings: Object.fromEntries(plain.map(({ key, value }) => [key, textOf(value)])),
      secretKeys: own.filter(({ value }) => holdsSecret(value)).map(({ key }) => key),
    };
  }

  /** The image overrides. */
  overrides(): ImageOverrides {
    const value = this.#config()[IMAGES];
    const parsed = imageOverrides.safeParse(value ?? {});
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const path = [IMAGES, ...(issue?.path ?? [])].join('.');
      throw new ConfigError('config/invalid', `${this.#file}: ${path}: ${issue?.message ?? 'not a map of image tags'}`);
    }
    return parsed.data;
  }

  /** The file's text with other overrides. */
  withOverrides(overrides: ImageOverrides): string {
    const copy = this.#document.clone();
    if (Object.keys(overrides).length === 0) {
      copy.deleteIn(['config', IMAGES]);
    } else {
      if (!(copy.toJS() as { config?: unknown }).config) {
        copy.set('config', copy.createNode({}));
      }
      copy.setIn(['config', IMAGES], copy.createNode(overrides));
    }
    return copy.toString({ lineWidth: 0 });
  }

  /**
   * This file, from Git, with what only the local one has. Git's values win except for image overrides; where Git does not say how secrets
   * are encrypted, they are local: then the local way and the local secret values stay.
   */
  takingOver(local: StackSettingsFile): string {
    const merged = new StackSettingsFile(this.#document.toString({ lineWidth: 0 }), this.#file);
    const mine = this.#document.toJS() as Readonly<Record<string, unknown>>;
    const theirs = local.#document.toJS() as Readonly<Record<string, unknown>>;
    if (!ENCRYPTION_KEYS.some((key) => mine[key] !== undefined)) {
      merged.#adopt(local, theirs);
    }
    return merged.withOverrides(local.overrides());
  }

  #adopt(local: StackSettingsFile, theirs: Readonly<Record<string, unknown>>): void {
    for (const key of ENCRYPTION_KEYS.filter((name) => theirs[name] !== undefined)) {
      this.#document.set(key, theirs[key]);
    }
    const mine = this.#config();
    for (const [key, value] of Object.entries(local.#config())) {
      if (holdsSecret(value) && mine[key] === undefined) {
        this.#document.setIn(['config', key], this.#document.createNode(value));
      }
    }
  }

  #config(): Readonly<Record<string, unknown>> {
    const { config = {} } = this.#document.toJS() as { readonly config?: unknown };
    if (config === null) {
      return {};
    }
    if (typeof config !== 'object' || Array.isArray(config)) {
      throw new ConfigError(
        'config/invalid',
        `${this.#file}: config must be a map of keys, such as "${PREFIX}domain: example.org"`,
      );
    }
    return config as Readonly<Record<string, unknown>>;
  }
}

function holdsSecret(value: unknown): boolean {
  if (value === null || typeof value !== 'object') {
    return false;
  }
  const isSecure = 'secure' in value && typeof value.secure === 'string' && Object.keys(value).length === 1;
  return isSecure || Object.values(value).some(holdsSecret);
}

/** The text that a program gets for a value: structured ones as JSON, as Pulumi gives them. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
