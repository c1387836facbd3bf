import type { Construct } from 'constructs';
import { Manifests, type ManifestsOptions } from './manifests.js';

/** Properties of a {@link YamlFile}. */
export interface YamlFileProps extends ManifestsOptions {
  /** The file, such as `new URL('./crds.yaml', import.meta.url)`. */
  readonly file: URL;
}

/** The objects of one YAML file, for long ones that come from elsewhere, such as custom resource definitions. */
export class YamlFile extends Manifests {
  constructor(scope: Construct, id: string, { file, ...options }: YamlFileProps) {
    super(scope, id, { ...options, from: file });
  }
}
