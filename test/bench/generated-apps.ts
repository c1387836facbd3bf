/** The namespace of every generated application. */
export const NAMESPACE = 'bench';
/** One generated application in so many follows an image. */
const FOLLOWING = 10;

interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [key: string]: unknown;
}

/** What can differ between two versions of a generated application. */
export interface AppVersion {
  readonly index: number;
  /** The value in its first ConfigMap. */
  readonly value: string;
  /** The tag of its image. @default v1 */
  readonly tag?: string;
}

/** The name of a generated application. */
export function appName(index: number): string {
  return `app-${String(index).padStart(4, '0')}`;
}

/** The image that an application follows, if it follows one. */
export function followedImage(index: number): string | undefined {
  return index % FOLLOWING === 0 ? `ghcr.io/bench/${appName(index)}` : undefined;
}

/** The five objects of a generated application. */
export function objectsOf({ index, value, tag = 'v1' }: AppVersion, namespace?: string): KubeObject[] {
  const name = appName(index);
  const metadata = (suffix = ''): KubeObject['metadata'] => ({
    name: `${name}${suffix}`,
    ...(namespace !== undefined && { namespace }),
  });
  const labels = { app: name };
  const image = followedImage(index) ?? 'ghcr.io/bench/fixed';
  const container = {
    name: 'main',
    image: `${image}:${tag}`,
    envFrom: [{ configMapRef: { name: `${name}-settings` } }],
  };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('-settings'), data: { VALUE: value, NAME: name } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('-files'),
      data: { 'main.conf': `name = ${name}\n`.repeat(20) },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata() },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(),
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(),
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { serviceAccountName: name, containers: [container] } },
      },
    },
  ];
}

/** The text of a generated application's `app.ts`. */
export function sourceOf(version: AppVersion): string {
  const image = followedImage(version.index);
  const images = image === undefined ? '' : `\n  images: [newestBuild('${image}', { allow: '^v' })],`;
  const imports = image === undefined ? 'defineApp' : 'defineApp, newestBuild';
  return `import { ApiObject } from 'cdk8s';
import { ${imports} } from '../../src/app/index.js';

const objects = ${JSON.stringify(objectsOf(version), undefined, 2)};

export const app = defineApp({
  namespace: '${NAMESPACE}',${images}
  build(scope) {
    for (const [index, object] of objects.entries()) {
      new ApiObject(scope, String(index), object);
    }
  },
});
`;
}

/** The path of a generated application in the repository. */
export function pathOf(index: number): string {
  return `apps/${appName(index)}/app.ts`;
}
