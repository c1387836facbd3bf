import { readFileSync } from 'node:fs';
import { Construct } from 'constructs';
import type { Manifest } from '../app/index.js';
import { ApiObject } from './api-object.js';
import { parseKubernetesYaml, YamlSyntaxError } from './kubernetes-yaml.js';

/** Properties of a {@link YamlFile}. */
export interface YamlFileProps {
  /** The file, such as `new URL('./crds.yaml', import.meta.url)`. */
  readonly file: URL;
}

/** The objects of a YAML file, for long ones that come from elsewhere, such as custom resource definitions. */
export class YamlFile extends Construct {
  constructor(scope: Construct, id: string, props: YamlFileProps) {
    super(scope, id);
    const name = props.file.pathname.split('/').at(-1) ?? '';
    for (const [index, { value, line }] of documentsOf(props.file, name).entries()) {
      if (!isManifest(value)) {
        throw new RangeError(`document ${index + 1} of ${name}, line ${line}, is not an object with kind and name`);
      }
      new ApiObject(this, String(index), value);
    }
  }
}

function documentsOf(file: URL, name: string): ReturnType<typeof parseKubernetesYaml> {
  try {
    return parseKubernetesYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof YamlSyntaxError) {
      throw new RangeError(`${name}, line ${error.line}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Record<string, unknown>>;
  const { name } = (metadata ?? {}) as { name?: unknown };
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string';
}
