import { sep } from 'node:path';

/** Whether a resolved path is a folder or something in it. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
