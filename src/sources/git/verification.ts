import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProdeskError, StalledError } from '../../base/errors.js';
import { GitCommandFailure, type RunGit } from './run-git.js';

/** Whose commits are taken. */
export interface CommitVerification {
  readonly format: 'ssh' | 'gpg';
  /** The path of an allowed signers file (see ssh-keygen), or of public keys as `gpg --export` writes them. */
  readonly file: string;
}

const NO_PROGRAM = '/bin/false';
const KEYRING_FILE = 'PRODESK_GIT_KEYRING';

/** Trusts the keys of one file, and no key or setting of the machine's user. */
const GPG_LAUNCHER = `#!/bin/sh
exec gpg --batch --no-options --no-auto-key-locate --no-default-keyring --keyring "$${KEYRING_FILE}" --trust-model always "$@"
`;

/** What git needs to check signatures: settings of {@link gitEnvironment}, and variables beside. */
export interface VerificationEnvironment {
  readonly config: readonly (readonly [string, string])[];
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Prepares checking signatures of one format; those of other formats are refused, whoever made them.
 * @param home an existing private folder
 */
export async function prepareVerification(
  { format, file }: CommitVerification,
  home: string,
): Promise<VerificationEnvironment> {
  const launcher = join(home, 'launch-gpg.sh');
  await writeFile(launcher, GPG_LAUNCHER, { mode: 0o700 });
  return {
    config: [
      ['gpg.program', format === 'gpg' ? launcher : NO_PROGRAM],
      ['gpg.x509.program', NO_PROGRAM],
      ['gpg.ssh.program', format === 'ssh' ? 'ssh-keygen' : NO_PROGRAM],
      ...(format === 'ssh' ? [['gpg.ssh.allowedSignersFile', file] as const] : []),
    ],
    variables: { GNUPGHOME: home, [KEYRING_FILE]: file },
  };
}

/**
 * Checks a commit's signature.
 * @param at git's own options, such as `--git-dir`
 * @throws StalledError `git/unverified`
 */
export async function verifyCommit(
  run: RunGit,
  { format, file }: CommitVerification,
  { at, commit, signal }: { readonly at: string; readonly commit: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  try {
    await run({ args: [at, 'verify-commit', commit], doing: `check the signature of commit ${commit}`, signal });
  } catch (error) {
    if (error instanceof ProdeskError || !(error instanceof GitCommandFailure)) {
      throw error;
    }
    const wanted = format === 'ssh' ? 'an SSH key' : 'a GPG key';
    throw new StalledError(
      'git/unverified',
      `commit ${commit.slice(0, 12)} is not taken: it has no valid signature by ${wanted} of ${file} (${error.message})`,
    );
  }
}
