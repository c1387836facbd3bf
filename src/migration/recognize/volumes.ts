import { call, type CodeValue, Expression, renderCode } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import { amountOf, at, flagOf, numberOf, someOf, textOf, unless } from './values.js';

/** The `mounts` of a container. A mount of no volume of the pod is a StatefulSet's own claim. */
export function mountsOf(container: unknown, pod: unknown): CodeValue {
  const volumes = new Map(listOf(at(pod, 'volumes')).map((volume) => [at(volume, 'name'), volume]));
  const mounts = listOf(at(container, 'volumeMounts')).map((mount) => {
    const { name, mountPath, subPath, subPathExpr, readOnly, mountPropagation } = fieldsOf(mount);
    const volume = volumeExpression(String(name), volumes.get(name));
    const options = someOf({
      subPath: textOf(subPath),
      subPathExpr: textOf(subPathExpr),
      readOnly: flagOf(readOnly),
      mountPropagation: textOf(mountPropagation),
    });
    const args = [String(mountPath), ...(options === undefined ? [] : [options])].map(renderCode).join(', ');
    return new Expression(`${volume.text}.mountAt(${args})`);
  });
  return mounts.length === 0 ? undefined : mounts;
}

function volumeExpression(name: string, volume: unknown): Expression {
  const make = (factory: string, ...args: readonly CodeValue[]): Expression =>
    call(`Volume.${factory}`, name, ...args.filter((arg) => arg !== undefined));
  const { configMap, secret, emptyDir, persistentVolumeClaim, hostPath, nfs, projected, ephemeral, ...rest } =
    fieldsOf(volume);
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
    const readOnly = flagOf(at(persistentVolumeClaim, 'readOnly'));
    return make('claim', String(at(persistentVolumeClaim, 'claimName')), someOf({ readOnly }));
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
  if (ephemeral !== undefined) {
    return make('ephemeral', ephemeralClaim(at(ephemeral, 'volumeClaimTemplate', 'spec')));
  }
  const { name: _, ...other } = rest;
  return Object.keys(other).length === 0 ? make('ownClaim') : make('other', other as CodeValue);
}

/** Volumes of a pod that no container mounts. */
export function unmountedVolumes(pod: unknown): readonly Expression[] {
  const containers = [...listOf(at(pod, 'initContainers')), ...listOf(at(pod, 'containers'))];
  const mounted = new Set(
    containers.flatMap((one) => listOf(at(one, 'volumeMounts')).map((mount) => at(mount, 'name'))),
  );
  return listOf(at(pod, 'volumes'))
    .filter((volume) => !mounted.has(at(volume, 'name')))
    .map((volume) => volumeExpression(String(at(volume, 'name')), volume));
}

function ephemeralClaim(spec: unknown): CodeValue {
  const [accessMode] = listOf(at(spec, 'accessModes'));
  return {
    size: amountOf(at(spec, 'resources', 'requests', 'storage')),
    storageClass: textOf(at(spec, 'storageClassName')),
    accessMode: unless('ReadWriteOnce', accessMode),
  };
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
  const items = listOf(at(source, 'items')).map((item) => {
    const { key, path, mode } = fieldsOf(item);
    return [String(key), typeof mode === 'number' ? { path: String(path), mode } : String(path)] as const;
  });
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
