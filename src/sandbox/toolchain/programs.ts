/** The programs that the sandbox and the engine run. */
export type ProgramName =
  | 'pulumi'
  | 'pulumi-resource-kubernetes'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kwok'
  | 'etcd'
  | 'crane'
  | 'kustomize'
  | 'gofakes3';

/** Where a program comes from and how to tell its version. */
export interface Program {
  readonly name: ProgramName;
  /** The folder here whose `go.mod` and `go.sum` pin it. */
  readonly group: string;
  /** The module in that `go.mod` whose version is the program's. */
  readonly module: string;
  /** What is built. */
  readonly package: string;
  /** Linker flags for a version, such as `v1.36.3`; without them a build does not know its own version. */
  readonly ldflags: (version: string) => string;
  /** Arguments that make it print its version. */
  readonly versionArgs: readonly string[];
  /** How long a build takes on two cores with empty caches, in seconds; measured. */
  readonly usualSeconds: number;
}

const STRIPPED = '-s -w';

function kubernetesFlags(version: string): string {
  const [major, minor] = version.replace('v', '').split('.');
  const values = {
    'k8s.io/component-base/version.gitVersion': version,
    'k8s.io/component-base/version.gitMajor': major ?? '',
    'k8s.io/component-base/version.gitMinor': minor ?? '',
    'k8s.io/client-go/pkg/version.gitVersion': version,
  };
  return [STRIPPED, ...Object.entries(values).map(([name, value]) => `-X ${name}=${value}`)].join(' ');
}

function kubernetes(name: ProgramName, usualSeconds: number): Program {
  return {
    name,
    group: 'kubernetes',
    module: 'k8s.io/kubernetes',
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: kubernetesFlags,
    versionArgs: ['--version'],
    usualSeconds,
  };
}

/** Every program by name. */
export const PROGRAMS: Readonly<Record<ProgramName, Program>> = {
  pulumi: {
    name: 'pulumi',
    group: 'pulumi',
    module: 'github.com/pulumi/pulumi/pkg/v3',
    package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
    ldflags: (version) => `${STRIPPED} -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`,
    versionArgs: ['version'],
    usualSeconds: 224,
  },
  /** The newest source of the official plugin that the Go module proxy has, of 2026-01-15: after release 4.24. */
  'pulumi-resource-kubernetes': {
    name: 'pulumi-resource-kubernetes',
    group: 'pulumi-kubernetes',
    module: 'github.com/pulumi/pulumi-kubernetes/provider/v4',
    package: 'prodesk.local/toolchain/pulumi-kubernetes',
    ldflags: (version) => `${STRIPPED} -X main.version=${version.slice(1)}`,
    versionArgs: ['--version'],
    usualSeconds: 660,
  },
  'kube-apiserver': kubernetes('kube-apiserver', 260),
  'kube-controller-manager': kubernetes('kube-controller-manager', 60),
  'kube-scheduler': kubernetes('kube-scheduler', 5),
  kwok: {
    name: 'kwok',
    group: 'kwok',
    module: 'sigs.k8s.io/kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    ldflags: () => STRIPPED,
    versionArgs: ['--version'],
    usualSeconds: 79,
  },
  etcd: {
    name: 'etcd',
    group: 'etcd',
    module: 'go.etcd.io/etcd/server/v3',
    package: 'go.etcd.io/etcd/server/v3',
    ldflags: () => STRIPPED,
    versionArgs: ['--version'],
    usualSeconds: 31,
  },
  crane: {
    name: 'crane',
    group: 'crane',
    module: 'github.com/google/go-containerregistry',
    package: 'github.com/google/go-containerregistry/cmd/crane',
    ldflags: () => STRIPPED,
    versionArgs: ['version'],
    usualSeconds: 5,
  },
  /** An object store that speaks S3. */
  gofakes3: {
    name: 'gofakes3',
    group: 'gofakes3',
    module: 'github.com/johannesboyne/gofakes3',
    package: 'github.com/johannesboyne/gofakes3/cmd/gofakes3',
    ldflags: () => STRIPPED,
    versionArgs: ['--version'],
    usualSeconds: 10,
  },
  kustomize: {
    name: 'kustomize',
    group: 'kustomize',
    module: 'sigs.k8s.io/kustomize/kustomize/v5',
    package: 'sigs.k8s.io/kustomize/kustomize/v5',
    ldflags: (version) => `${STRIPPED} -X sigs.k8s.io/kustomize/api/provenance.version=${version}`,
    versionArgs: ['version'],
    usualSeconds: 54,
  },
};

/** The version in what a program printed about itself, such as `v1.36.3`; undefined when there is none. */
export function versionIn(output: string): string | undefined {
  const match = /\bv?(?<version>\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)\b/.exec(output);
  return match?.groups === undefined ? undefined : `v${match.groups['version']}`;
}

/** The environment variable that names a program to use instead, such as `PRODESK_KUBE_APISERVER_BIN`. */
export function overrideVariable(name: ProgramName): string {
  return `PRODESK_${name.toUpperCase().replaceAll('-', '_')}_BIN`;
}
