import { join } from 'node:path';
import { checkObject, type Definition } from './check-value.js';
import { customSchemasOf } from './custom-definition.js';
import { nearestSpelling } from './nearest-name.js';
import type { Fields, Problem, Schema } from './open-api.js';
import { SchemaFile } from './schema-file.js';

const PROPS = 'apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps';
/** Of these OpenAPI only says that they are there: inside a definition's schema, a schema or something else stands. */
const SCHEMA_OR_OTHER: ReadonlyMap<string, Schema> = new Map([
  [`${PROPS}OrBool`, { anyOf: [{ type: 'boolean' }, { $ref: PROPS }] }],
  [`${PROPS}OrArray`, { anyOf: [{ type: 'array' }, { $ref: PROPS }] }],
]);

/** What is known about a kind. */
export type KnownKind =
  | { readonly is: 'known'; readonly definition: Definition }
  | { readonly is: 'mistyped'; readonly nearest: string }
  | { readonly is: 'unknown' };

/** The schemas of all kinds: those of Kubernetes, those of a few well-known custom resources, and those that were added. */
export class SchemaCatalog {
  readonly #builtIn: SchemaFile;
  readonly #shipped: SchemaFile;
  readonly #added = new Map<string, Schema>();

  /** @param directory the folder with the two files that `schemas/generate.mjs` writes */
  constructor(directory: string = join(import.meta.dirname, '..', 'schemas')) {
    this.#builtIn = new SchemaFile(join(directory, 'kubernetes.jsonl.gz'));
    this.#shipped = new SchemaFile(join(directory, 'custom-resources.jsonl.gz'));
  }

  /**
   * Takes a CustomResourceDefinition's schemas in; they win over shipped ones.
   * @returns what is wrong with it; then it is not taken in
   */
  add(definition: Fields): readonly Problem[] {
    const problems = this.#check(definition);
    if (problems.length === 0) {
      for (const [kind, schema] of customSchemasOf(definition)) {
        this.#added.set(kind, schema);
      }
    }
    return problems;
  }

  /** The schema of a kind. A kind that a known version of an API lacks, and has with another spelling, is mistyped. */
  look(apiVersion: string, kind: string): KnownKind {
    const name = `${apiVersion} ${kind}`;
    const added = this.#added.get(name);
    const builtIn = added === undefined ? this.#builtIn.find(name) : undefined;
    const schema = added ?? builtIn ?? this.#shipped.find(name);
    if (schema !== undefined) {
      const rules = builtIn === undefined ? 'custom' : 'built-in';
      const find = (reference: string): Schema | undefined =>
        SCHEMA_OR_OTHER.get(reference) ?? this.#builtIn.find(reference);
      return { is: 'known', definition: { schema, rules, find } };
    }
    const nearest = nearestSpelling(kind, this.#kindsOf(apiVersion));
    return nearest === undefined ? { is: 'unknown' } : { is: 'mistyped', nearest };
  }

  #kindsOf(apiVersion: string): string[] {
    const names = [...this.#builtIn.names(), ...this.#shipped.names(), ...this.#added.keys()];
    return names.filter((name) => name.startsWith(`${apiVersion} `)).map((name) => name.slice(apiVersion.length + 1));
  }

  #check(definition: Fields): readonly Problem[] {
    const known = this.look('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
    return known.is === 'known' ? checkObject(known.definition, definition) : [];
  }
}
