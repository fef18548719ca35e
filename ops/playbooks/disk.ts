import type { Shell } from '../drills/shell.ts';

/**
 * The database of playbooks lies on a file system of its own, which can be filled without harm to the machine: ext4 in a file.
 * It takes root, as mounting does; elsewhere the volume is an ordinary one, and the page about a full disk is not executed.
 */
const image = '.plimsoll/playbooks/$COMPOSE_PROJECT_NAME.img';

export const canBound = () => process.getuid?.() === 0;

export async function makeDisk(shell: Shell): Promise<void> {
  await shell.run(`
    podman volume exists "\${COMPOSE_PROJECT_NAME}_postgres-data" && exit
    mkdir -p .plimsoll/playbooks && rm -f "${image}" && truncate --size 1500M "${image}"
    mkfs.ext4 -q -m 0 -E root_owner=999:999 "${image}"
    podman volume create --label "io.podman.compose.project=$COMPOSE_PROJECT_NAME" --opt type=ext4 --opt o=loop \\
      --opt device="$PWD/${image}" "\${COMPOSE_PROJECT_NAME}_postgres-data"`);
}

export const removeDisk = (shell: Shell) => shell.run(`rm -f "${image}"`);
