/**
 * Node's HTTP for the listener's thread. An `import` of `node:http` reads every export, and with `WebSocket` loads all of
 * undici: 8 MB in that thread, which needs none of it.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
