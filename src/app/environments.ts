import { type AppDefinition, type AppProps, defineApp } from './define-app.js';

/**
 * One application in several environments, written once. A folder below `apps/` is one application, so each environment has a folder, whose
 * `app.ts` exports one of the results; what they share is in a file beside the folders:
 *
 * - `apps/shop.ts`: `export const shop = environments({ dev: {...}, prod: {...} }, ({ environment, ... }) => ({ namespace, build }))`
 * - `apps/shop-dev/app.ts`: `export const app = shop.dev`
 * - `apps/shop/app.ts`: `export const app = shop.prod`
 *
 * @param differences what differs, by the name of the environment
 * @param define what is the same; gets the differences of one environment, and its name
 */
export function environments<Name extends string, Differences extends object>(
  differences: Readonly<Record<Name, Differences>>,
  define: (environment: Differences & { readonly environment: Name }) => AppProps,
): Readonly<Record<Name, AppDefinition>> {
  const entries = Object.entries<Differences>(differences).map(([name, one]) => {
    const environment = name as Name;
    return [environment, defineApp(define({ ...one, environment }))] as const;
  });
  return Object.fromEntries(entries) as Record<Name, AppDefinition>;
}
