import { createRequire } from 'node:module';

/** The version of the provider plugin: that of the npm package, which is where the language host looks for it too. Loads nothing of Pulumi. */
export function providerVersion(): string {
  const manifest = createRequire(import.meta.url)('@pulumi/kubernetes/package.json') as { readonly version: string };
  return manifest.version;
}
