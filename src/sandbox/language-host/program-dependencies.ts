import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** An npm package that a program depends on. */
export interface Dependency {
  readonly name: string;
  /** The installed version; where it is not installed, the version that `package.json` asks for. */
  readonly version: string;
}

/** The direct dependencies of the program in a folder; none without a `package.json`. */
export function listDependencies(directory: string): Dependency[] {
  const manifest = readManifest(join(directory, 'package.json'));
  return Object.entries(manifest?.dependencies ?? {}).map(([name, wanted]) => ({
    name,
    version: installedVersion(directory, name) ?? wanted,
  }));
}

interface PackageManifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function installedVersion(directory: string, name: string): string | undefined {
  const folders = createRequire(join(directory, 'package.json')).resolve.paths(name) ?? [];
  return folders
    .map((folder) => readManifest(join(folder, name, 'package.json'))?.version)
    .find((version) => version !== undefined);
}

function readManifest(path: string): PackageManifest | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PackageManifest;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    throw new Error(`cannot read ${path} in ${dirname(path)}`, { cause: error });
  }
}
