import { keyOf, type Manifest } from '../app/manifest.js';
import { sopsKey } from '../app/sops-reference.js';
import { call, type Expression } from './code.js';
import { fieldsOf } from './normal-fields.js';
import { secretTextsOf, type SecretText, type SecretValue } from './secret-values.js';
import { describeOrigin, type EncryptedFile, type SourceObject } from './source-object.js';

interface NamedValue extends SecretText {
  /** The key that `context.secret` takes. */
  readonly name: string;
  readonly encrypted: boolean;
  /** The place in an encrypted file beside the application that has the value. @default - the stack configuration */
  readonly sops?: { readonly file: EncryptedFile; readonly path: readonly string[] };
}

/** The stack-config keys of all secret values of one application. */
export class SecretNames {
  readonly #values = new Map<string, readonly NamedValue[]>();

  constructor(objects: readonly SourceObject[]) {
    const secrets = objects.filter(({ manifest }) => manifest.apiVersion === 'v1' && manifest.kind === 'Secret');
    const files = filesBeside(secrets);
    const texts = secrets.map((object) => ({
      object,
      texts: secretTextsOf(object.manifest, describeOrigin(object.origin)),
    }));
    const counts = new Map<string, number>();
    texts
      .filter(({ object }) => !files.has(object))
      .flatMap((one) => one.texts)
      .forEach(({ key }) => counts.set(key, (counts.get(key) ?? 0) + 1));
    for (const { object, texts: own } of texts) {
      const { name } = object.manifest.metadata;
      const file = files.get(object);
      const named = own.map((text) => ({
        ...(file === undefined ? text : encryptedText(text, object)),
        name: nameFor(text.key, name, counts.get(text.key) === 1),
        encrypted: object.encrypted !== undefined,
        ...(file === undefined ? {} : { sops: { file, path: [fieldOf(text.key, object), text.key] } }),
      }));
      this.#values.set(keyOf(object.manifest), named);
    }
  }

  /** A Secret's values, each with the key of its stack-config value. */
  of(manifest: Manifest): readonly NamedValue[] {
    return this.#values.get(keyOf(manifest)) ?? [];
  }

  /** The encrypted file that has a Secret's values. */
  filesOf(manifest: Manifest): readonly EncryptedFile[] {
    return this.of(manifest)
      .slice(0, 1)
      .flatMap(({ sops }) => sops?.file ?? []);
  }

  /** All values of the application that are in the stack configuration, by the names they have there. */
  valuesFor(app: string): SecretValue[] {
    return this.#all()
      .filter(({ sops }) => sops === undefined)
      .map(({ name, text, encrypted }) => ({ key: `${app}.${name}`, value: text, encrypted }));
  }

  /** What stands for each value of the application, also of those in encrypted files, by its full key. */
  resolvedFor(app: string): Readonly<Record<string, string>> {
    const values = this.#all().map(({ name, text, sops }) => [
      sops === undefined ? `${app}.${name}` : sopsKey({ app, file: sops.file.path, path: sops.path }),
      text,
    ]);
    return Object.fromEntries(values) as Readonly<Record<string, string>>;
  }

  #all(): NamedValue[] {
    return [...this.#values.values()].flat();
  }
}

/** Encrypted Secrets with the files that they keep; each file has a name of its own. */
function filesBeside(secrets: readonly SourceObject[]): ReadonlyMap<SourceObject, EncryptedFile> {
  const files = new Map<SourceObject, EncryptedFile>();
  const texts = new Map<string, string>();
  for (const secret of secrets) {
    const file = secret.encrypted?.file;
    if (file !== undefined) {
      let { path } = file;
      for (let next = 2; (texts.get(path) ?? file.text) !== file.text; next += 1) {
        path = file.path.replace('.sops.', `-${next}.sops.`);
      }
      texts.set(path, file.text);
      files.set(secret, { ...file, path });
    }
  }
  return files;
}

/** A value of `data` is base64 in the file too. */
function encryptedText(text: SecretText, object: SourceObject): SecretText {
  return fieldOf(text.key, object) === 'data'
    ? { ...text, text: Buffer.from(text.text).toString('base64'), isBase64: true }
    : text;
}

function fieldOf(key: string, { manifest }: SourceObject): 'data' | 'stringData' {
  return Object.hasOwn(fieldsOf(manifest.stringData), key) ? 'stringData' : 'data';
}

/** The expression that stands for a value. */
export function secretExpression({ name, sops }: Pick<NamedValue, 'name' | 'sops'>): Expression {
  return sops === undefined
    ? call('context.secret', name)
    : call(call('context.sops', sops.file.path).text, ...sops.path);
}

/** The key in the Secret where that is clear, else with the Secret's name before it. */
function nameFor(key: string, secret: string, isUnique: boolean): string {
  return isUnique && /^[A-Za-z0-9]/.test(key) ? key : `${secret}.${key.replace(/^[^A-Za-z0-9]+/, '')}`;
}
