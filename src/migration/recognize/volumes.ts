import { call, type CodeValue, Expression, renderCode } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import { at, flagOf, numberOf, someOf, textOf } from './values.js';

/** The `mounts` of a container. A mount of no volume of the pod is a StatefulSet's own claim. */
export function mountsOf(container: unknown, pod: unknown): CodeValue {
  const volumes = new Map(listOf(at(pod, 'volumes')).map((volume) => [at(volume, 'name'), volume]));
  const mounts = listOf(at(container, 'volumeMounts')).map((mount) => {
    const { name, mountPath, subPath, readOnly } = fieldsOf(mount);
    const volume = volumeExpression(String(name), volumes.get(name));
    const options = someOf({ subPath: textOf(subPath), readOnly: flagOf(readOnly) });
    const args = [String(mountPath), ...(options === undefined ? [] : [options])].map(renderCode).join(', ');
    return new Expression(`${volume.text}.mountAt(${args})`);
  });
  return mounts.length === 0 ? undefined : mounts;
}

function volumeExpression(name: string, volume: unknown): Expression {
  const make = (factory: string, ...args: readonly CodeValue[]): Expression =>
    call(`Volume.${factory}`, name, ...args.filter((arg) => arg !== undefined));
  const { configMap, secret, emptyDir, persistentVolumeClaim, hostPath, nfs, projected } = fieldsOf(volume);
  if (configMap !== undefined) {
    return make('configMap', String(at(configMap, 'name')), fileOptions(configMap));
  }
  if (secret !== undefined) {
    return make('secret', String(at(secret, 'secretName')), fileOptions(secret));
  }
  if (emptyDir !== undefined) {
    return make(at(emptyDir, 'medium') === 'Memory' ? 'memory' : 'empty', textOf(at(emptyDir, 'sizeLimit')));
  }
  if (persistentVolumeClaim !== undefined) {
    return make('claim', String(at(persistentVolumeClaim, 'claimName')));
  }
  if (hostPath !== undefined) {
    return make('hostPath', String(at(hostPath, 'path')), textOf(at(hostPath, 'type')) || undefined);
  }
  if (nfs !== undefined) {
    return make('nfs', String(at(nfs, 'server')), String(at(nfs, 'path')), flagOf(at(nfs, 'readOnly')));
  }
  if (projected !== undefined) {
    const sources = listOf(at(projected, 'sources')).map(projectedSource);
    return make('projected', sources, numberOf(at(projected, 'defaultMode')));
  }
  return make('ownClaim');
}

function fileOptions(source: unknown): CodeValue {
  const mode = numberOf(at(source, 'defaultMode'));
  return someOf({
    items: itemsOf(source),
    mode: mode === 0o644 ? undefined : mode,
    optional: flagOf(at(source, 'optional')),
  });
}

function itemsOf(source: unknown): CodeValue {
  const items = listOf(at(source, 'items')).map((item) => [String(at(item, 'key')), String(at(item, 'path'))] as const);
  return items.length === 0 ? undefined : Object.fromEntries(items);
}

function projectedSource(source: unknown): CodeValue {
  const { configMap, secret, downwardAPI, serviceAccountToken } = fieldsOf(source);
  if (configMap !== undefined) {
    return {
      configMap: String(at(configMap, 'name')),
      items: itemsOf(configMap),
      optional: flagOf(at(configMap, 'optional')),
    };
  }
  if (secret !== undefined) {
    return { secret: String(at(secret, 'name')), items: itemsOf(secret), optional: flagOf(at(secret, 'optional')) };
  }
  if (downwardAPI !== undefined) {
    const items = listOf(at(downwardAPI, 'items'));
    const fields = items.map((item) => [String(at(item, 'path')), String(at(item, 'fieldRef', 'fieldPath'))] as const);
    return { fields: Object.fromEntries(fields) };
  }
  const { path, audience, expirationSeconds } = fieldsOf(serviceAccountToken);
  return { tokenPath: String(path), audience: textOf(audience), expirationSeconds: numberOf(expirationSeconds) };
}
