import type { ProgramName } from './programs.js';

/** A machine, as Go names it. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/** An official download of a program. */
export interface Release {
  readonly url: string;
  /** Where the publisher lists SHA-256 sums: of this file alone, or of many with their names. Absent when it publishes none. */
  readonly sumsUrl?: string;
  /** The folder in the archive that holds the programs; absent when the download is the program itself. */
  readonly folder?: string;
}

/** The platform of this process, as Go names it. */
export function currentPlatform(): Platform {
  return { os: process.platform, arch: process.arch === 'x64' ? 'amd64' : process.arch };
}

const GITHUB = 'https://github.com';

/** The official download of a program for a platform; undefined where its publisher has none that we can unpack. */
export function releaseOf(name: ProgramName, version: string, platform: Platform): Release | undefined {
  const { os, arch } = platform;
  if (!['linux', 'darwin'].includes(os) || !['amd64', 'arm64'].includes(arch)) {
    return undefined;
  }
  switch (name) {
    /** A release is installed by the `pulumi` command itself. */
    case 'pulumi-resource-kubernetes':
    /** Has no releases. */
    case 'gofakes3':
      return undefined;
    case 'pulumi':
      return {
        url: `https://get.pulumi.com/releases/sdk/pulumi-${version}-${os}-${arch === 'amd64' ? 'x64' : arch}.tar.gz`,
        sumsUrl: `${GITHUB}/pulumi/pulumi/releases/download/${version}/pulumi-${version.slice(1)}-checksums.txt`,
        folder: 'pulumi',
      };
    case 'kube-apiserver':
    case 'kube-controller-manager':
    case 'kube-scheduler':
      return os === 'linux' ? kubernetesRelease(name, version, platform) : undefined;
    case 'kwok':
      return { url: `${GITHUB}/kubernetes-sigs/kwok/releases/download/${version}/kwok-${os}-${arch}` };
    case 'etcd':
      return os === 'linux' ? etcdRelease(version, platform) : undefined;
    case 'crane':
      return craneRelease(version, platform);
    case 'kustomize':
      return kustomizeRelease(version, platform);
  }
}

function kubernetesRelease(name: ProgramName, version: string, { os, arch }: Platform): Release {
  const url = `https://dl.k8s.io/${version}/bin/${os}/${arch}/${name}`;
  return { url, sumsUrl: `${url}.sha256` };
}

function etcdRelease(version: string, { os, arch }: Platform): Release {
  const base = `${GITHUB}/etcd-io/etcd/releases/download/${version}`;
  const folder = `etcd-${version}-${os}-${arch}`;
  return { url: `${base}/${folder}.tar.gz`, sumsUrl: `${base}/SHA256SUMS`, folder };
}

function craneRelease(version: string, { os, arch }: Platform): Release {
  const base = `${GITHUB}/google/go-containerregistry/releases/download/${version}`;
  const system = os === 'linux' ? 'Linux' : 'Darwin';
  return {
    url: `${base}/go-containerregistry_${system}_${arch === 'amd64' ? 'x86_64' : arch}.tar.gz`,
    sumsUrl: `${base}/checksums.txt`,
    folder: '.',
  };
}

function kustomizeRelease(version: string, { os, arch }: Platform): Release {
  const base = `${GITHUB}/kubernetes-sigs/kustomize/releases/download/kustomize%2F${version}`;
  return { url: `${base}/kustomize_${version}_${os}_${arch}.tar.gz`, sumsUrl: `${base}/checksums.txt`, folder: '.' };
}

/** The SHA-256 sum of a file in a list such as `sha256sum` writes, or in a text that is the sum alone. */
export function sumIn(list: string, fileName: string): string | undefined {
  const lines = list.trim().split('\n');
  if (lines.length === 1 && /^[0-9a-f]{64}$/.test(lines[0] ?? '')) {
    return lines[0];
  }
  for (const line of lines) {
    const match = /^(?<sum>[0-9a-f]{64})\s+\*?(?<name>\S+)$/.exec(line.trim());
    if (match?.groups?.['name'] === fileName) {
      return match.groups['sum'];
    }
  }
  return undefined;
}
