import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { deployStack } from './deploy/deploy-stack.js';
import { resolveImages } from './deploy/resolve-images.js';
import { requireComplete, toRunError, warnOf } from './deploy/run-error.js';
import { lastImages, readStackConfig } from './deploy/stack-config.js';
import { createSecretFiles } from './sops/secret-files.js';
import { createSynthesizer } from './synth/child-synthesizer.js';
import { parseAllowances } from './synth/confinement.js';

/** Synthesizes the working tree and deploys it, for `pulumi preview` and `pulumi up` by hand. */
async function program() {
  const { settings, images } = readStackConfig(process.env['PULUMI_CONFIG_SECRET_KEYS']);
  const allow = parseAllowances(process.env['PRODESK_SYNTH_ALLOW'] ?? '');
  const synthesizer = createSynthesizer({ cacheDirectory: `${tmpdir()}/prodesk-synth`, allow });
  const directory = fileURLToPath(new URL('..', import.meta.url));
  const desired = await synthesizer.synthesize({ directory, revision: 'working-tree', settings });
  await warnOf(desired);
  const deployment = resolveImages(requireComplete(desired), { config: images, last: await lastImages() });
  return deployStack(deployment, { files: createSecretFiles(process.env) });
}

const outputs = await program().catch(toRunError);
/** The image tags in force; the daemon and the next run take them over. */
export const images = outputs.images;
/** A hash of each application's objects. */
export const fingerprints = outputs.fingerprints;
