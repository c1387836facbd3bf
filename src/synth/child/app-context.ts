import type { AppContext, AppProps } from '../../app/define-app.js';
import { secretMarker } from '../../app/secret-marker.js';
import { sopsKey } from '../../app/sops-reference.js';
import type { ChildRequest } from './request.js';

/** A stack-config value that an application asked for and that is not set. */
export interface MissingConfig {
  readonly kind: 'setting' | 'secret';
  /** Without `prodesk:`. */
  readonly key: string;
}

/** What an application's `build` may ask. Missing values are reported and stood in for, so that one synthesis finds all of them. */
export class SynthContext implements AppContext {
  readonly name: string;
  readonly namespace: string;
  readonly #config: Pick<ChildRequest, 'settings' | 'secretKeys'>;
  readonly #missing: (missing: MissingConfig) => void;

  constructor(
    app: Pick<AppProps, 'namespace'> & { readonly name: string },
    config: Pick<ChildRequest, 'settings' | 'secretKeys'>,
    missing: (missing: MissingConfig) => void,
  ) {
    this.name = app.name;
    this.namespace = app.namespace;
    this.#config = config;
    this.#missing = missing;
  }

  setting(key: string, defaultValue?: string): string {
    const value = Object.hasOwn(this.#config.settings, key) ? this.#config.settings[key] : defaultValue;
    if (value !== undefined) {
      return value;
    }
    this.#missing({ kind: 'setting', key });
    return standInFor(key);
  }

  secret(key: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(key)) {
      throw new RangeError(`key of a secret may hold only letters, digits, ".", "_" and "-": "${key}"`);
    }
    const full = `${this.name}.${key}`;
    if (!this.#config.secretKeys.includes(full)) {
      this.#missing({ kind: 'secret', key: full });
    }
    return secretMarker(full);
  }

  sops(file: string): (...path: readonly string[]) => string {
    return (...path) => secretMarker(sopsKey({ app: this.name, file, path }));
  }

  sopsFile(file: string): string {
    return secretMarker(sopsKey({ app: this.name, file }));
  }
}

const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/address|ip$/i, '192.0.2.1'],
  [/email|mail$/i, 'missing@example.invalid'],
  [/directory|path|folder$/i, '/missing'],
  [/port$/i, '1'],
];

/** A value of the form that a setting's name lets expect, so that constructs accept it. It is never deployed. */
function standInFor(key: string): string {
  return STAND_INS.find(([pattern]) => pattern.test(key))?.[1] ?? 'missing.invalid';
}
