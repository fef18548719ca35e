interface FlagDeclaration {
  description: string;
  /** Who must agree before it is switched, and who will remove it. */
  owner: string;
  /** Its value if neither the server nor the bootstrap file has it. */
  default: boolean;
  /** What happens while the server's flags are stale: never fetched, or not for 5 min. */
  whenUnknown: string;
}

/** All flags. A name that is missing here does not compile. */
export const declaredFlags = {
  'deploy-freeze': {
    description: 'No new deployment starts in the environments and services that it is enabled for; rollbacks do.',
    owner: 'release managers',
    default: false,
    whenUnknown: 'Production refuses new deployments with `freeze-unknown`; other tiers proceed with a warning.',
  },
  'automatic-rollback': {
    description: 'Gates may answer `rollback`. Switched off, they answer `hold` instead, and a person decides.',
    owner: 'release managers',
    default: true,
    whenUnknown: 'The value that was fetched last counts on.',
  },
} as const satisfies Record<string, FlagDeclaration>;

export type FlagName = keyof typeof declaredFlags;

export const flagNames = Object.keys(declaredFlags) as FlagName[];

/** The context that strategies and constraints on the server can use. */
export interface FlagContext {
  readonly environment?: string;
  /** Null means no service in particular. */
  readonly service?: string | null;
}
