import { fileURLToPath } from 'node:url';

const folder = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const docsFolder = folder('docs/');
/** Where the built site lies. Git ignores it. */
export const siteFolder = folder('.plimsoll/site/');
export const cacheFolder = folder('.plimsoll/site-cache/');
