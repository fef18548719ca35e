import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { treeFiles } from './command.ts';
import { assertNone } from './fault.ts';

/** The places where images are pinned: Dependabot reads these, and every other mention has to agree with them. */
const pinning: Record<string, RegExp> = {
  'podman-compose.yml': /^\s*image: (\S+)$/gm,
  Containerfile: /^FROM (\S+)/gm,
  'ops/tools/Containerfile': /^FROM (\S+)/gm,
};
const mention = /\b(?:docker|gcr|ghcr|quay)\.io\/[\w./-]*\w(?::[\w.-]*\w)?(?:@sha256:[0-9a-f]{64})?/g;
/** Built here, also as the default of a variable, or an earlier stage of the Containerfile. */
const own = /^(?:\$\{\w+:-)?localhost\/|^[\w-]+$/;

/** What is released from here. Nothing pins it: whoever deploys it says its digest. */
const released = 'ghcr.io/plimsoll/plimsoll';

/** Of how many numbers an exact version consists: `caddy:2.11` moves, `postgres:18.6` does not. Three by default. */
const versionNumbers: Record<string, number> = { 'docker.io/library/postgres': 2 };
/** Its tags are latest, nonroot and debug, and all of them move. Only a digest can pin it, so it may stand without one. */
const unversioned = new Set(['gcr.io/distroless/cc-debian13']);

/** Every image is pinned by an exact version or a digest, and the whole tree names the same one. */
export async function imagesArePinned(): Promise<void> {
  // Decisions and the changelog tell of the past; the checks and their tests name images as examples.
  const elsewhere = [':!docs/decisions', ':!CHANGELOG.md', ':!ops/checks', ':!test/architecture'];
  const files = await treeFiles('.', ...elsewhere);
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(join(clone, file), 'utf8').catch(() => '')] as const),
  );
  assertNone('Images; ops/scripts/pin-images writes those that disagree', imageFaults(Object.fromEntries(texts)));
}

/** What is wrong with the images that these files, by their paths, name. */
export function imageFaults(texts: Record<string, string>): string[] {
  const pins = new Map(Object.entries(pinning).flatMap(([file, pattern]) => pinsIn(texts[file] ?? '', pattern)));
  const loose = [...pins].flatMap(([name, image]) => looseness(name, image).map((fault) => `${image} ${fault}`));
  const different = Object.entries(texts).flatMap(([file, text]) =>
    [...text.matchAll(mention)]
      .filter(([image]) => image !== released && pins.get(nameOf(image)) !== image)
      .map(([image]) => `${file} names ${image}, but ${pins.get(nameOf(image)) ?? 'nothing'} is pinned`),
  );
  return loose.concat(different);
}

function pinsIn(text: string, pattern: RegExp): [string, string][] {
  const images = [...text.matchAll(pattern)].map(([, image = '']) => image).filter((image) => !own.test(image));
  return images.map((image) => [nameOf(image), image]);
}

/** Without tag and digest. */
const nameOf = (image: string) => image.replace(/(?::[\w.-]+)?(?:@.*)?$/, '');

function looseness(name: string, image: string): string[] {
  if (!/^[\w-]+(?:\.[\w-]+)+\//.test(name)) return ['names no registry'];
  if (/@sha256:[0-9a-f]{64}$/.test(image) || unversioned.has(name)) return [];
  const numbers = versionNumbers[name] ?? 3;
  const exact = new RegExp(`:v?\\d+(?:\\.\\d+){${numbers - 1}}(?:-[a-z][a-z-]*)?$`);
  return exact.test(image) ? [] : ['moves; name an exact version'];
}
