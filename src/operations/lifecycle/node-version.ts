/** The oldest Node that can run this program. The lock file installs it, into node_modules/.bin. */
const OLDEST_NODE = 26;
/** The exit code of invalid settings: a restart does not help. */
const EXIT_INVALID_CONFIGURATION = 78;

// Loaded before everything else: an older Node cannot link the rest, and its own message would not help.
const { node } = process.versions;
if (Number.parseInt(node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `This is Node ${node}, and Plimsoll needs Node ${OLDEST_NODE} or newer. ` +
      'npm run has it on its PATH (npm run serve, npm run migrate), and so has node_modules/.bin/node.\n',
  );
  process.exit(EXIT_INVALID_CONFIGURATION);
}
