import type { AppDefinition } from '../../src/app/index.js';
import type { DesiredApp } from '../../src/app/desired-state.js';
import type { Manifest } from '../../src/app/manifest.js';
import { assembleState } from '../../src/synth/assemble.js';
import { buildApp } from '../../src/synth/child/build-app.js';

/** The settings of the cluster, with an invented e-mail address. */
export const SETTINGS: Readonly<Record<string, string>> = {
  domain: 'kimsijun.com',
  node: 'prodesk',
  nodeAddress: '192.168.0.46',
  dataDirectory: '/home/kimsijun/repository/resources',
  acmeEmail: 'admin@example.com',
};

/** What an application wants, built in this process. A switched-off one is switched on first. */
export function synthesizeApp(
  name: string,
  definition: AppDefinition,
  settings: Readonly<Record<string, string>> = {},
): DesiredApp {
  const config = { settings: { ...SETTINGS, ...settings }, secretKeys: [] };
  const missing: string[] = [];
  const built = buildApp(name, { ...definition, enabled: true }, config, ({ kind, key }) => {
    if (kind === 'setting') {
      missing.push(key);
    }
  });
  const origin = { revision: 'working-tree', directory: '/checkout' };
  const state = assembleState([{ type: 'built', app: name, ...built }], { apps: [name], refused: {} }, origin);
  const app = state.apps[name];
  if (app === undefined || missing.length > 0) {
    throw new Error(`${name} failed: ${JSON.stringify({ ...state.failed, missing })}`);
  }
  return app;
}

/** The only object of a kind and name. */
export function findObject(app: DesiredApp, kind: string, name: string): Manifest {
  const found = app.objects.filter((object) => object.kind === kind && object.metadata.name === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${found.length} objects are ${kind} ${name} in ${app.name}`);
  }
  return found[0];
}
