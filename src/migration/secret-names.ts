import { keyOf, type Manifest } from '../app/manifest.js';
import { call, type Expression } from './code.js';
import { secretTextsOf, type SecretText, type SecretValue } from './secret-values.js';
import { describeOrigin, type SourceObject } from './source-object.js';

interface NamedValue extends SecretText {
  /** The key that `context.secret` takes. */
  readonly name: string;
  readonly encrypted: boolean;
}

/** The stack-config keys of all secret values of one application. */
export class SecretNames {
  readonly #values = new Map<string, readonly NamedValue[]>();

  constructor(objects: readonly SourceObject[]) {
    const secrets = objects.filter(({ manifest }) => manifest.apiVersion === 'v1' && manifest.kind === 'Secret');
    const texts = secrets.map((object) => ({
      object,
      texts: secretTextsOf(object.manifest, describeOrigin(object.origin)),
    }));
    const counts = new Map<string, number>();
    texts.flatMap((one) => one.texts).forEach(({ key }) => counts.set(key, (counts.get(key) ?? 0) + 1));
    for (const { object, texts: own } of texts) {
      const { name } = object.manifest.metadata;
      const named = own.map((text) => ({
        ...text,
        name: nameFor(text.key, name, counts.get(text.key) === 1),
        encrypted: object.encrypted === true,
      }));
      this.#values.set(keyOf(object.manifest), named);
    }
  }

  /** A Secret's values, each with the key of its stack-config value. */
  of(manifest: Manifest): readonly NamedValue[] {
    return this.#values.get(keyOf(manifest)) ?? [];
  }

  /** All values of the application, by the names they have in the stack configuration. */
  valuesFor(app: string): SecretValue[] {
    return [...this.#values.values()]
      .flat()
      .map(({ name, text, encrypted }) => ({ key: `${app}.${name}`, value: text, encrypted }));
  }
}

/** The expression that stands for a value. */
export function secretExpression({ name }: Pick<NamedValue, 'name'>): Expression {
  return call('context.secret', name);
}

/** The key in the Secret where that is clear, else with the Secret's name before it. */
function nameFor(key: string, secret: string, isUnique: boolean): string {
  return isUnique && /^[A-Za-z0-9]/.test(key) ? key : `${secret}.${key.replace(/^[^A-Za-z0-9]+/, '')}`;
}
