/**
 * How the image's programs are bundled. Nothing is minified and functions keep their names: a stack still names them, Nest
 * names providers and log contexts after their classes, and errors are grouped by the names of their calls.
 *
 * @type {import('esbuild').BuildOptions & { format: 'esm' }}
 */
export const bundling = {
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: `node${process.versions.node.split('.')[0]}`,
  keepNames: true,
};
