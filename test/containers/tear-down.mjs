import { compose } from './stack.mjs';

// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default async function tearDown() {
  await compose('down', '--volumes', '--timeout', '2');
}
