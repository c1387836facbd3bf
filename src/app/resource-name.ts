import type { ObjectRef } from './manifest.js';

/** The Pulumi type of the component that holds an application's objects. */
export const APP_COMPONENT_TYPE = 'prodesk:index:Application';
/** The name of the explicit Kubernetes provider resource. */
export const PROVIDER_NAME = 'prodesk';

/** A Pulumi stack: `prodesk` of project `prodesk`. */
export interface StackId {
  readonly project: string;
  readonly stack: string;
}

/** The Pulumi type token of a Kubernetes kind, such as `kubernetes:apps/v1:Deployment`. */
export function tokenOf(ref: Pick<ObjectRef, 'apiVersion' | 'kind'>): string {
  return `kubernetes:${ref.apiVersion.includes('/') ? ref.apiVersion : `core/${ref.apiVersion}`}:${ref.kind}`;
}

/** The Pulumi name of an application's object; unique within the stack. */
export function resourceNameOf(app: string, ref: ObjectRef): string {
  return [app, ref.kind, ref.namespace ?? '-', ref.name].join('/');
}

/** The Pulumi name of a namespace that applications share. */
export function namespaceResourceName(namespace: string): string {
  return `namespace/${namespace}`;
}

/** The URN of an application's component. */
export function appUrn(id: StackId, app: string): string {
  return urn(id, APP_COMPONENT_TYPE, app);
}

/** The URN of an application's object. */
export function objectUrn(id: StackId, app: string, ref: ObjectRef): string {
  return urn(id, `${APP_COMPONENT_TYPE}$${tokenOf(ref)}`, resourceNameOf(app, ref));
}

/** The URN of a shared namespace. */
export function namespaceUrn(id: StackId, namespace: string): string {
  return urn(id, 'kubernetes:core/v1:Namespace', namespaceResourceName(namespace));
}

/** The URN of the Kubernetes provider. */
export function providerUrn(id: StackId): string {
  return urn(id, 'pulumi:providers:kubernetes', PROVIDER_NAME);
}

/** The application that a URN of this stack's component or objects belongs to; undefined for the others. */
export function appOfUrn(text: string): string | undefined {
  const [, , type = '', name = ''] = text.split('::');
  return type === APP_COMPONENT_TYPE || type.startsWith(`${APP_COMPONENT_TYPE}$`) ? name.split('/')[0] : undefined;
}

/** The object that a URN stands for as people read it, such as `Deployment prodesk/web`; undefined for a URN that is of no object. */
export function objectOfUrn(text: string): string | undefined {
  const [, , type = '', name = ''] = text.split('::');
  const [, kind, namespace, ...rest] = name.split('/');
  if (!type.startsWith(`${APP_COMPONENT_TYPE}$`) || kind === undefined || rest.length === 0) {
    return undefined;
  }
  return `${kind} ${namespace === '-' ? '' : `${namespace}/`}${rest.join('/')}`;
}

/** What {@link objectOfUrn} names, as a reference; undefined for a URN that is of no object. */
export function refOfUrn(text: string): ObjectRef | undefined {
  const [, , type = '', name = ''] = text.split('::');
  const token = type.startsWith(`${APP_COMPONENT_TYPE}$`) ? type.slice(APP_COMPONENT_TYPE.length + 1) : '';
  const [, apiVersion = '', kind = ''] = token.split(':');
  const [, , namespace, ...rest] = name.split('/');
  if (kind === '' || rest.length === 0) {
    return undefined;
  }
  const scope = namespace === undefined || namespace === '-' ? {} : { namespace };
  return { apiVersion: apiVersion.replace(/^core\//, ''), kind, ...scope, name: rest.join('/') };
}

function urn({ project, stack }: StackId, type: string, name: string): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}
