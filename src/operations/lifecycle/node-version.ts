/** The oldest Node that has all that this program uses. The lock file brings it, to node_modules/.bin. */
const OLDEST_NODE = 26;
/** As for settings that are wrong: to start it again does not help. */
const EXIT_INVALID_CONFIGURATION = 78;

// Loaded before everything else: an older Node cannot even link the rest, and would say so in words that help nobody.
const { node } = process.versions;
if (Number.parseInt(node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `This is Node ${node}, and Plimsoll needs Node ${OLDEST_NODE} or newer. ` +
      'npm run has it on its PATH (npm run serve, npm run migrate), and so has node_modules/.bin/node.\n',
  );
  process.exit(EXIT_INVALID_CONFIGURATION);
}
