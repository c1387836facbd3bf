/** Runs in the loader's thread: tells the child which modules import which. */
let port;

export function initialize(data) {
  port = data.port;
}

export async function resolve(specifier, context, nextResolve) {
  const resolved = await nextResolve(specifier, context);
  if (resolved.url.startsWith('file:') && context.parentURL !== undefined) {
    port.postMessage({ from: context.parentURL, to: resolved.url });
  }
  return resolved;
}
