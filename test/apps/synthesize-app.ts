import type { AppDefinition } from '../../src/app/index.js';
import type { Manifest } from '../../src/app/manifest.js';
import { type SynthesizedApp, synthApp } from '../../src/testing/index.js';

/** The settings of the cluster, with an invented e-mail address. */
export const SETTINGS: Readonly<Record<string, string>> = {
  domain: 'kimsijun.com',
  node: 'prodesk',
  nodeAddress: '192.168.0.46',
  dataDirectory: '/home/kimsijun/repository/resources',
  acmeEmail: 'admin@example.com',
};

/** What an application wants with the settings of the cluster. */
export function synthesizeApp(
  name: string,
  definition: AppDefinition,
  settings: Readonly<Record<string, string>> = {},
): SynthesizedApp {
  return synthApp(name, definition, { ...SETTINGS, ...settings });
}

/** The only object of a kind and name. */
export function findObject(app: SynthesizedApp, kind: string, name: string): Manifest {
  return app.find(kind, name);
}
