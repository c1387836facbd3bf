import { type CodeValue, Expression } from '../code.js';
import { listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { accessRule } from './roles.js';
import { at, filled, flagOf, metadataProps } from './values.js';
import { pieceOf } from './workloads.js';

/** ServiceAccounts with the roles and bindings of their names, which one construct makes. */
export function recognizeAccounts(objects: readonly SourceObject[]): Piece[] {
  const named = (kind: string, name: string): SourceObject | undefined =>
    objects.find(({ manifest }) => manifest.kind === kind && manifest.metadata.name === name);
  return objects.flatMap((account) => {
    const { kind, metadata } = account.manifest;
    const own = boundRole(named('Role', metadata.name), named('RoleBinding', metadata.name));
    const everywhere = boundRole(named('ClusterRole', metadata.name), named('ClusterRoleBinding', metadata.name));
    if (kind !== 'ServiceAccount' || (own === undefined && everywhere === undefined)) {
      return [];
    }
    const props = {
      ...accountProps(account),
      rules: own && rulesOf(own),
      namespace: everywhere && new Expression('context.namespace'),
      clusterRules: everywhere && rulesOf(everywhere),
    };
    const piece = pieceOf('ServiceAccount', account, { props, uses: [] });
    return [{ ...piece, objects: [account, ...(own ?? []), ...(everywhere ?? [])] }];
  });
}

/** A ServiceAccount without rights that belong to it alone. */
export function recognizeAccount(object: SourceObject): Piece {
  return pieceOf('ServiceAccount', object, { props: accountProps(object), uses: [] });
}

function accountProps({ manifest }: SourceObject): Readonly<Record<string, CodeValue>> {
  return {
    name: manifest.metadata.name,
    mountToken: flagOf(manifest.automountServiceAccountToken),
    pullSecrets: filled(listOf(manifest.imagePullSecrets).map((secret) => String(at(secret, 'name')))),
    ...metadataProps(manifest),
  };
}

type BoundRole = readonly [role: SourceObject, binding: SourceObject];

function boundRole(role: SourceObject | undefined, binding: SourceObject | undefined): BoundRole | undefined {
  return role === undefined || binding === undefined ? undefined : [role, binding];
}

function rulesOf([role]: BoundRole): CodeValue {
  return listOf(role.manifest.rules).map(accessRule);
}
