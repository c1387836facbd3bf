import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ConfigError } from '../base/errors.js';

/**
 * What applications may do beside computing their objects from the checkout's files: use the network, start programs and threads (which are
 * not confined), read all files and write temporary ones.
 */
export const SYNTH_ALLOWANCES = ['network', 'processes', 'files'] as const;

/** One of {@link SYNTH_ALLOWANCES}. */
export type SynthAllowance = (typeof SYNTH_ALLOWANCES)[number];

/**
 * Reads `network,files`.
 * @throws ConfigError `config/invalid`
 */
export function parseAllowances(text: string): SynthAllowance[] {
  const words = text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
  return words.map((word) => {
    const allowance = SYNTH_ALLOWANCES.find((known) => known === word);
    if (allowance === undefined) {
      const known = SYNTH_ALLOWANCES.join(', ');
      throw new ConfigError('config/invalid', `"${word}" is nothing that a synthesis can be allowed; use ${known}`);
    }
    return allowance;
  });
}

/** What a child may reach. */
export interface Reach {
  /** Folders that it may read. */
  readonly readable: readonly string[];
  /** Its own folder for temporary files, which it may write to where it may do anything with files. */
  readonly home: string;
  /** @default nothing */
  readonly allow: ReadonlySet<SynthAllowance>;
}

/** Loaded before anything of the checkout: takes away what Node.js has no switch for. */
const PRELOAD = join(import.meta.dirname, 'confine.mjs');

/**
 * The switches of Node.js that let a program read the given folders, write nothing, start no program, thread or native code, and use no
 * network.
 * @param version of the Node.js that runs it
 */
export function confiningFlags({ readable, home, allow }: Reach, version = process.versions.node): string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isStable = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  const read = allow.has('files') ? ['*'] : [...readable.map((folder) => `${folder}/*`), PRELOAD];
  return [
    isStable ? '--permission' : '--experimental-permission',
    ...read.map((path) => `--allow-fs-read=${path}`),
    ...(allow.has('files') ? [`--allow-fs-write=${home}/*`] : []),
    ...(allow.has('processes') ? ['--allow-child-process', '--allow-worker'] : []),
    ...(allow.has('network') && major >= 25 ? ['--allow-net'] : []),
    `--import=${pathToFileURL(PRELOAD).href}${allow.has('network') ? '?network' : ''}`,
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
  ];
}

/** Puts a program into namespaces of its own: without any network device, and without a view into other users' processes. */
const NAMESPACES = ['unshare', '--user', '--map-current-user', '--net', '--ipc'] as const;
let probe: Promise<readonly string[]> | undefined;

/** The command that goes before a program to cut it off in the kernel; empty where this machine does not let us. Tried once. */
export function namespacePrefix(): Promise<readonly string[]> {
  const [program, ...flags] = NAMESPACES;
  probe ??= promisify(execFile)(program, [...flags, 'true']).then(
    () => NAMESPACES,
    () => [],
  );
  return probe;
}
