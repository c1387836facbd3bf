import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Schema } from './open-api.js';

/** Schemas by name, one a line. The file is read when the first is asked for, and each is parsed when it is. */
export class SchemaFile {
  readonly #path: string;
  #lines: Map<string, string> | undefined;
  readonly #parsed = new Map<string, Schema>();

  /** @param path a file that `schemas/generate.mjs` wrote */
  constructor(path: string) {
    this.#path = path;
  }

  /** All names, in the file's order. */
  names(): readonly string[] {
    return [...this.#read().keys()];
  }

  /** The schema of a name. */
  find(name: string): Schema | undefined {
    const parsed = this.#parsed.get(name);
    const line = parsed === undefined ? this.#read().get(name) : undefined;
    if (line === undefined) {
      return parsed;
    }
    const [, schema] = JSON.parse(line) as [string, Schema];
    this.#parsed.set(name, schema);
    return schema;
  }

  #read(): ReadonlyMap<string, string> {
    if (this.#lines === undefined) {
      const text = gunzipSync(readFileSync(this.#path)).toString('utf8').trimEnd();
      this.#lines = new Map(text.split('\n').map((line) => [line.slice(2, line.indexOf('"', 2)), line]));
    }
    return this.#lines;
  }
}
