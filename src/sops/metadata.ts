import { z } from 'zod';
import { damaged } from './problem.js';

const flag = z.union([z.boolean(), z.stringbool()]);
const list = z.array(z.unknown()).nullish();

const schema = z.object({
  age: z.array(z.object({ enc: z.string() })).nullish(),
  key_groups: list,
  lastmodified: z.string(),
  mac: z.string(),
  mac_only_encrypted: flag.nullish(),
  unencrypted_suffix: z.string().nullish(),
  encrypted_suffix: z.string().nullish(),
  unencrypted_regex: z.string().nullish(),
  encrypted_regex: z.string().nullish(),
  unencrypted_comment_regex: z.string().nullish(),
  encrypted_comment_regex: z.string().nullish(),
});

/** What SOPS notes in a file beside the values: the `sops` map. */
export type SopsMetadata = z.infer<typeof schema>;

/**
 * Checks the `sops` map of a file.
 * @throws StalledError `sops/damaged` saying what is not there, or not supported
 */
export function parseMetadata(value: unknown, file: string): SopsMetadata {
  if (value === undefined) {
    throw damaged(file, `is not encrypted; encrypt it with: sops encrypt --in-place ${file}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => `sops.${path.join('.')}`).join(', ');
    throw damaged(file, `was not written by SOPS, or was changed by hand (${fields}); restore it from Git`);
  }
  const { age, key_groups, unencrypted_comment_regex, encrypted_comment_regex } = parsed.data;
  if (unencrypted_comment_regex || encrypted_comment_regex) {
    throw damaged(file, 'chooses what is encrypted by comments, which is not supported; use encrypted_regex');
  }
  if ((age ?? []).length === 0) {
    const hint = (key_groups ?? []).length > 0 ? 'has key groups, which are not supported;' : 'has no age recipient;';
    throw damaged(file, `${hint} encrypt it with: sops updatekeys, after naming one age recipient in .sops.yaml`);
  }
  return parsed.data;
}
