/* Made from the OpenAPI document by `npm run client`; `npm run check` compares them. */
export interface paths {
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who changed what, newest first
         * @description Takes the role `operator`.
         */
        get: operations["auditList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/seals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify the seals of the audit log, oldest first
         * @description Takes the role `operator`.
         */
        get: operations["auditVerify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{environment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an environment
         * @description Takes the role `viewer`.
         */
        get: operations["catalogEnvironment"];
        /**
         * Put an environment, new or changed
         * @description Takes the role `admin`.
         */
        put: operations["catalogPutEnvironment"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the environments
         * @description Takes the role `viewer`.
         */
        get: operations["catalogEnvironments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a service
         * @description Takes the role `viewer`.
         */
        get: operations["catalogService"];
        /**
         * Put a service, new or changed
         * @description Takes the role `admin`.
         */
        put: operations["catalogPutService"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the services
         * @description Takes the role `viewer`.
         */
        get: operations["catalogServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/environments/{environment}/hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the hosts of a slot
         * @description Takes the role `viewer`.
         */
        get: operations["catalogHosts"];
        /**
         * Put the hosts of a slot
         * @description Takes the role `operator`.
         */
        put: operations["catalogPutHosts"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/releases/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a release with its commits
         * @description Takes the role `viewer`.
         */
        get: operations["releasesGet"];
        /**
         * Register a release, which never changes
         * @description Takes the role `deployer`.
         */
        put: operations["releasesPut"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the releases of a service, newest first
         * @description Takes the role `viewer`.
         */
        get: operations["releasesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List incidents, newest first
         * @description Takes the role `viewer`.
         */
        get: operations["incidentsList"];
        put?: never;
        /**
         * Report an incident by hand
         * @description Takes the role `operator`.
         */
        post: operations["incidentsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an incident
         * @description Takes the role `viewer`.
         */
        get: operations["incidentsGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Say which deployment caused an incident, or that it is over
         * @description Takes the role `operator`.
         */
        patch: operations["incidentsPatch"];
        trace?: never;
    };
    "/v1/webhooks/alertmanager": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in alerts of Alertmanager
         * @description Takes the role `reporter`.
         */
        post: operations["webhooksAlertmanager"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/environments/{environment}/gate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the gate of a slot
         * @description Takes the role `viewer`.
         */
        get: operations["gatesGet"];
        /**
         * Put the gate of a slot
         * @description Takes the role `operator`.
         */
        put: operations["gatesPut"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/environments/{environment}/gate/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try the gate now, and change nothing
         * @description Takes the role `operator`.
         */
        post: operations["gatesDryRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/environments/{environment}/freeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether new deployments may start, and if not, why and until when
         * @description Takes the role `viewer`.
         */
        get: operations["freezesOfEnvironment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/freezes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The planned freezes that hold for a service or an environment, those for all included
         * @description Takes the role `viewer`.
         */
        get: operations["freezesList"];
        put?: never;
        /**
         * Plan a freeze: a window, or a weekly one
         * @description Takes the role `operator`.
         */
        post: operations["freezesCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/freezes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a freeze back: what waited for its end starts
         * @description Takes the role `operator`.
         */
        delete: operations["freezesDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deployments, newest first
         * @description Takes the role `viewer`.
         */
        get: operations["deploymentsList"];
        put?: never;
        /**
         * Begin a deployment
         * @description Takes the role `deployer`.
         */
        post: operations["deploymentsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a deployment
         * @description Takes the role `viewer`.
         */
        get: operations["deploymentsGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that the deployer is alive
         * @description Takes the role `deployer`.
         */
        post: operations["deploymentsHeartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}/deployed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that the release is on its hosts: the gate begins
         * @description Takes the role `deployer`.
         */
        post: operations["deploymentsDeployed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}/failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that the release did not get onto its hosts
         * @description Takes the role `deployer`.
         */
        post: operations["deploymentsFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a deployment
         * @description Takes the role `deployer`.
         */
        post: operations["deploymentsCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide a deployment on hold, or reject one that is being watched
         * @description Takes the role `operator`.
         */
        post: operations["deploymentsDecide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}/mark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark a deployment as bad, or take the mark away
         * @description Takes the role `operator`.
         */
        post: operations["deploymentsMark"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/environments/{environment}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go back to the last known good release, or another one
         * @description Takes the role `deployer`.
         */
        post: operations["rollbacksCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/environments/{environment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a slot runs, and what it can go back to
         * @description Takes the role `viewer`.
         */
        get: operations["slotsSlot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/environments/{environment}/observations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what a host was seen to run
         * @description Takes the role `reporter`.
         */
        post: operations["slotsObserve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}/verdict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the verdict, or wait until it falls
         * @description Takes the role `viewer`.
         */
        get: operations["verdictsVerdict"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments/{id}/measurements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the measurements of a gate run
         * @description Takes the role `viewer`.
         */
        get: operations["verdictsMeasurements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import history from another tool
         * @description Takes the role `admin`.
         */
        post: operations["importsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow events as they happen
         * @description Takes the role `viewer`.
         */
        get: operations["eventsEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sinks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how each sink does
         * @description Takes the role `admin`.
         */
        get: operations["sinksList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sinks/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event to a sink
         * @description Takes the role `admin`.
         */
        post: operations["sinksTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sinks/{name}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again what a sink did not take
         * @description Takes the role `admin`.
         */
        post: operations["sinksReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the valid tokens, without what they are
         * @description Takes the role `admin`.
         */
        get: operations["tokensList"];
        put?: never;
        /**
         * Make a token, which is shown this once
         * @description Takes the role `admin`.
         */
        post: operations["tokensCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say whose token this request has, and what it may do
         * @description Takes the role `viewer`.
         */
        get: operations["tokensCurrent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token, effective at once
         * @description Takes the role `admin`.
         */
        delete: operations["tokensRevoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AuditEntries: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["AuditEntry"][];
        };
        AuditEntry: {
            /**
             * Format: uuid
             * @description The id that Plimsoll gave it, a UUIDv7.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            id: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-03-02T10:00:00.000Z
             */
            at: string;
            /**
             * @description Who did it: the name of a token, an issuer and its subject, or `plimsoll` itself.
             * @example ci
             */
            actor: string;
            /**
             * @description The thing and the verb.
             * @example deployment.create
             */
            action: string;
            /**
             * @description The id of the resource, or its path under /v1.
             * @example environments/production
             */
            subject: string;
            /**
             * @description The request that did it, as in the log and in `X-Request-Id`.
             * @example 4bf92f3577b34da6a3ce929d0e0e4736
             */
            requestId: string | null;
            /**
             * @description What it was, null if it was not there.
             * @example {
             *       "tier": "staging"
             *     }
             */
            before: {
                [key: string]: unknown;
            } | null;
            /**
             * @description What it is now, null if it is gone.
             * @example {
             *       "tier": "production",
             *       "description": "What customers use."
             *     }
             */
            after: {
                [key: string]: unknown;
            } | null;
        };
        AuditSeals: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["AuditSeal"][];
            /**
             * @description How many entries are newer than the last seal, up to 100,000.
             * @example 3
             */
            unsealed: number;
        };
        AuditSeal: {
            /**
             * @description The number of the seal; each is chained to the one before.
             * @example 12
             */
            number: number;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:10:00.000Z
             */
            sealedAt: string;
            /**
             * @description How many entries it is of.
             * @example 340
             */
            entries: number;
            /**
             * @description The hash that chains it to the seal before. Kept elsewhere, it shows seals that were made anew.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            hash: string;
            /**
             * @description Whether its entries and its chain are as they were sealed.
             * @example true
             */
            isIntact: boolean;
            /**
             * @description Whether its hash follows from the seal before and from its own entries.
             * @example true
             */
            isChained: boolean;
            /**
             * @description How many entries are not as they were sealed.
             * @example 0
             */
            faultCount: number;
            /**
             * @description The first 20 of these entries.
             * @example []
             */
            faults: {
                /**
                 * Format: uuid
                 * @description The id of the entry.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                entryId: string;
                /**
                 * @description What became of the entry.
                 * @example changed
                 * @enum {string}
                 */
                kind: "changed" | "removed" | "added";
            }[];
        };
        /**
         * @description What is known of an environment.
         * @example {
         *       "tier": "production",
         *       "description": "What customers use."
         *     }
         */
        PutEnvironment: {
            /**
             * @description How much depends on it: gates bake longer in production, and freezes are strict there.
             * @example production
             * @enum {string}
             */
            tier: "development" | "staging" | "production";
            /**
             * @description What it is, for people.
             * @default
             * @example What customers use.
             */
            description?: string;
        };
        Environment: {
            /**
             * @description Its name in paths and bodies.
             * @example production
             */
            slug: string;
            /**
             * @description How much depends on it: gates bake longer in production, and freezes are strict there.
             * @example production
             * @enum {string}
             */
            tier: "development" | "staging" | "production";
            /**
             * @description What it is, for people.
             * @example What customers use.
             */
            description: string;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             * @example 2026-03-02T10:00:00.000Z
             */
            updatedAt: string;
        };
        Environments: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["Environment"][];
        };
        /**
         * @description What is known of a service.
         * @example {
         *       "description": "Takes orders and payments.",
         *       "repository": "https://git.example.com/checkout",
         *       "owner": "payments"
         *     }
         */
        PutService: {
            /**
             * @description What it is, for people.
             * @default
             * @example Takes orders and payments.
             */
            description?: string;
            /**
             * Format: uri
             * @description Where its source is.
             * @default null
             * @example https://git.example.com/checkout
             */
            repository?: string | null;
            /**
             * @description Who answers for it.
             * @default null
             * @example payments
             */
            owner?: string | null;
        };
        Service: {
            /**
             * @description Its name in paths and bodies.
             * @example checkout
             */
            slug: string;
            /**
             * @description What it is, for people.
             * @example Takes orders and payments.
             */
            description: string;
            /**
             * @description Where its source is.
             * @example https://git.example.com/checkout
             */
            repository: string | null;
            /**
             * @description Who answers for it.
             * @example payments
             */
            owner: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             * @example 2026-03-02T10:00:00.000Z
             */
            updatedAt: string;
        };
        Services: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["Service"][];
        };
        /**
         * @description The hosts of a slot.
         * @example {
         *       "hosts": [
         *         {
         *           "name": "a",
         *           "url": "http://10.0.0.5:8080"
         *         }
         *       ]
         *     }
         */
        Hosts: {
            /**
             * @description The hosts of the slot, to which probes are sent.
             * @example [
             *       {
             *         "name": "a",
             *         "url": "http://10.0.0.5:8080"
             *       }
             *     ]
             */
            hosts: {
                /**
                 * @description What the host is called in checks, measurements and reasons.
                 * @example a
                 */
                name: string;
                /**
                 * Format: uri
                 * @description Where probes are sent; their path is appended.
                 * @example http://10.0.0.5:8080
                 */
                url: string;
            }[];
        };
        /**
         * @description What makes a release. It never changes.
         * @example {
         *       "version": "1.4.2",
         *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5",
         *       "builtAt": "2026-03-02T09:00:00.000Z",
         *       "commits": [
         *         {
         *           "sha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5",
         *           "committedAt": "2026-03-02T08:30:00.000Z"
         *         }
         *       ]
         *     }
         */
        PutRelease: {
            /**
             * @description What people call the release.
             * @example 1.4.2
             */
            version: string;
            /**
             * @description The commit that it was made of, in full.
             * @example 8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5
             */
            gitSha: string;
            /**
             * Format: date-time
             * @description When it was built; null if nobody said so.
             * @default null
             * @example 2026-03-02T09:00:00.000Z
             */
            builtAt?: string | null;
            /**
             * @description The commits that it carries and the one before did not, at most 5000.
             * @default []
             * @example [
             *       {
             *         "sha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5",
             *         "committedAt": "2026-03-02T08:30:00.000Z"
             *       }
             *     ]
             */
            commits?: {
                /**
                 * @description The id of the commit, in full.
                 * @example 8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5
                 */
                sha: string;
                /**
                 * Format: date-time
                 * @description When it was committed: the lead time of changes counts from there.
                 * @example 2026-03-02T08:30:00.000Z
                 */
                committedAt: string;
                /**
                 * Format: date-time
                 * @description When it was written.
                 * @example 2026-03-01T17:00:00.000Z
                 */
                authoredAt?: string;
                /**
                 * @description The message of the commit.
                 * @example Retry payments once
                 */
                message?: string;
                /**
                 * @description Whether it merges others, and so is no change of its own.
                 * @example false
                 */
                merge?: boolean;
            }[];
        };
        Release: {
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The digest of the image.
             * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description What people call the release.
             * @example 1.4.2
             */
            version: string;
            /**
             * @description The commit that it was made of, in full.
             * @example 8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5
             */
            gitSha: string;
            /**
             * Format: date-time
             * @description When it was built; null if nobody said so.
             * @example 2026-03-02T09:00:00.000Z
             */
            builtAt: string | null;
            /**
             * @description The commits that it carries and the one before did not, at most 5000.
             * @example [
             *       {
             *         "sha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5",
             *         "committedAt": "2026-03-02T08:30:00.000Z"
             *       }
             *     ]
             */
            commits: {
                /**
                 * @description The id of the commit, in full.
                 * @example 8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5
                 */
                sha: string;
                /**
                 * Format: date-time
                 * @description When it was committed: the lead time of changes counts from there.
                 * @example 2026-03-02T08:30:00.000Z
                 */
                committedAt: string;
                /**
                 * Format: date-time
                 * @description When it was written.
                 * @example 2026-03-01T17:00:00.000Z
                 */
                authoredAt?: string;
                /**
                 * @description The message of the commit.
                 * @example Retry payments once
                 */
                message?: string;
                /**
                 * @description Whether it merges others, and so is no change of its own.
                 * @example false
                 */
                merge?: boolean;
            }[];
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
        };
        Releases: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["ReleaseSummary"][];
        };
        ReleaseSummary: {
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The digest of the image.
             * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description What people call the release.
             * @example 1.4.2
             */
            version: string;
            /**
             * @description The commit that it was made of, in full.
             * @example 8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5
             */
            gitSha: string;
            /**
             * Format: date-time
             * @description When it was built; null if nobody said so.
             * @example 2026-03-02T09:00:00.000Z
             */
            builtAt: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * @description How many commits it carries.
             * @example 1
             */
            commitCount: number;
        };
        Incidents: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["Incident"][];
        };
        Incident: {
            /**
             * Format: uuid
             * @description The id that Plimsoll gave it, a UUIDv7.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            id: string;
            /**
             * @description What makes alerts the same; with `startsAt` it names the incident.
             * @example b2f1a7c09d3e5f64
             */
            fingerprint: string;
            /**
             * @description Whether it still fires.
             * @example resolved
             * @enum {string}
             */
            status: "firing" | "resolved";
            /**
             * Format: date-time
             * @description When it began.
             * @example 2026-03-02T10:40:00.000Z
             */
            startsAt: string;
            /**
             * Format: date-time
             * @description When it ended; null while it fires.
             * @example 2026-03-02T11:05:00.000Z
             */
            endsAt: string | null;
            /**
             * Format: date-time
             * @description When it fired again within 5 min of its end, the last time that it did.
             * @example null
             */
            reopenedAt: string | null;
            /**
             * @description What people call it.
             * @example Checkout fails
             */
            title: string;
            /**
             * @description At most 64, each value cut to 1000 characters.
             * @example {
             *       "alertname": "CheckoutFails",
             *       "service": "checkout",
             *       "environment": "production"
             *     }
             */
            labels: {
                [key: string]: string;
            };
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string | null;
            /**
             * @description The environment, by its slug.
             * @example production
             */
            environment: string | null;
            /**
             * Format: uuid
             * @description The deployment that it is attributed to; null for none.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            deploymentId: string | null;
            /**
             * @description By what it came to its deployment.
             * @example window
             * @enum {string}
             */
            attribution: "label" | "window" | "manual" | "none";
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
        };
        /**
         * @description An incident that a person reports.
         * @example {
         *       "service": "checkout",
         *       "environment": "production",
         *       "title": "Checkout fails",
         *       "startsAt": "2026-03-02T10:40:00.000Z"
         *     }
         */
        CreateIncident: {
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The environment, by its slug.
             * @example production
             */
            environment: string;
            /**
             * @description What people call it.
             * @example Checkout fails
             */
            title: string;
            /**
             * Format: date-time
             * @description Now, if it is left out.
             * @example 2026-03-02T10:40:00.000Z
             */
            startsAt?: string;
            /**
             * Format: date-time
             * @description When it ended; null while it fires.
             * @default null
             * @example null
             */
            endsAt?: string | null;
            /**
             * Format: uuid
             * @description Null: attributed by the time at which it starts.
             * @default null
             * @example null
             */
            deploymentId?: string | null;
        };
        /**
         * @description What is to be changed of an incident.
         * @example {
         *       "status": "resolved"
         *     }
         */
        PatchIncident: {
            /**
             * Format: uuid
             * @description Null takes it from the deployment that it is attributed to.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            deploymentId?: string | null;
            /**
             * @description Ends it now.
             * @example resolved
             * @enum {string}
             */
            status?: "resolved";
        };
        /**
         * @description What has to hold after a deployment; or why nothing has to.
         * @example {
         *       "bakeSeconds": 600,
         *       "identity": {
         *         "url": "{host.url}/info",
         *         "field": "/imageDigest"
         *       },
         *       "checks": [
         *         {
         *           "name": "ready",
         *           "type": "http",
         *           "url": "{host.url}/readyz",
         *           "expect": [
         *             {
         *               "field": "status",
         *               "op": "eq",
         *               "value": 200
         *             }
         *           ]
         *         }
         *       ]
         *     }
         */
        Gate: components["schemas"]["GateSpecification"] | components["schemas"]["Ungated"];
        GateSpecification: {
            /**
             * @description How long nothing is measured after `deployed`, where the gate has no identity.
             * @example 30
             */
            warmUpSeconds?: number;
            /**
             * @description How long the gate watches; by the tier unless given.
             * @example 600
             */
            bakeSeconds?: number;
            /**
             * @description The gate is run and decides nothing: its verdict is kept as `shadowVerdict`, and the deployment promoted.
             * @example false
             */
            shadow?: boolean;
            /**
             * @description How each host shows which release it runs, before the bake begins.
             * @example {
             *       "url": "{host.url}/info",
             *       "field": "/imageDigest"
             *     }
             */
            identity?: {
                /**
                 * @description Where each host says what it runs.
                 * @example {host.url}/info
                 */
                url: string;
                /**
                 * @description The JSON pointer to the digest, or to the git commit.
                 * @example /imageDigest
                 */
                field: string;
                /**
                 * @description So many times in a row a host has to show it.
                 * @example 3
                 */
                consecutive?: number;
                /**
                 * @description Within this time every host has to show it; else the verdict is rollback.
                 * @example 120
                 */
                withinSeconds?: number;
                /**
                 * @description Plimsoll asks each host every 60 s, also after the gate: what it reads is an observation.
                 * @example true
                 */
                watch?: boolean;
            };
            /**
             * @description What is measured, again and again.
             * @example [
             *       {
             *         "name": "ready",
             *         "type": "http",
             *         "url": "{host.url}/readyz",
             *         "expect": [
             *           {
             *             "field": "status",
             *             "op": "eq",
             *             "value": 200
             *           }
             *         ]
             *       }
             *     ]
             */
            checks: (components["schemas"]["HttpCheck"] | components["schemas"]["PrometheusCheck"])[];
        };
        HttpCheck: {
            /**
             * @description What the check is called in measurements and reasons.
             * @example ready
             */
            name: string;
            /**
             * @description Whether it counts for the verdict; others are recorded only.
             * @example true
             */
            required?: boolean;
            /**
             * @description How long after the begin of the bake the first measurement is due.
             * @example 0
             */
            initialDelaySeconds?: number;
            /**
             * @description From one measurement to the next.
             * @example 15
             */
            intervalSeconds?: number;
            /**
             * @description How long one measurement may take.
             * @example 5
             */
            timeoutSeconds?: number;
            /**
             * @description Conditions that all have to hold.
             * @example [
             *       {
             *         "field": "status",
             *         "op": "eq",
             *         "value": 200
             *       }
             *     ]
             */
            expect?: components["schemas"]["Condition"][];
            /**
             * @description How many failures make the check fail, per check and host.
             * @example {
             *       "total": 3,
             *       "consecutive": 2
             *     }
             */
            failAt?: {
                /**
                 * @description So many in all are enough.
                 * @example 3
                 */
                total?: number;
                /**
                 * @description So many in a row are enough.
                 * @example 2
                 */
                consecutive?: number;
            };
            /**
             * @description So many errors in a row make the check an error.
             * @example 5
             */
            errorAt?: number;
            /**
             * @description The share of the planned measurements that there have to be.
             * @example 0.8
             */
            minMeasurements?: number;
            /**
             * @description What a check without data comes to.
             * @example hold
             * @enum {string}
             */
            onNoData?: "hold" | "pass" | "fail";
            /**
             * @description Compares the mean of the run with that of promoted runs before it.
             * @example {
             *       "op": "lte",
             *       "factor": 1.2,
             *       "runs": 3
             *     }
             */
            baseline?: {
                /**
                 * @description How it is compared.
                 * @example lte
                 * @enum {string}
                 */
                op?: "lt" | "lte" | "gt" | "gte";
                /**
                 * @description How many times the mean of those runs it may be.
                 * @example 1.2
                 */
                factor: number;
                /**
                 * @description The mean of so many promoted runs counts.
                 * @example 3
                 */
                runs?: number;
            };
            /**
             * @description How it measures.
             * @example http
             * @constant
             */
            type: "http";
            /**
             * @description Where the probe goes: `{host.url}` is the host, `{release.*}` the release.
             * @example {host.url}/readyz
             */
            url: string;
        };
        /** @description Data, never run as code. */
        Condition: {
            /**
             * @description What is looked at: `status`, `durationMs`, `header:<name>`, or a JSON pointer into the body; `value` of Prometheus.
             * @example status
             */
            field: string;
            /**
             * @description How it is compared.
             * @example eq
             * @enum {string}
             */
            op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains";
            /**
             * @description What it is compared with.
             * @example 200
             */
            value: string | number | boolean | null | (string | number | boolean | null)[];
        };
        /** @description This slot has no gate, for this reason. */
        Ungated: {
            /**
             * @description Why deployments of this slot are promoted without being watched.
             * @example An internal tool that nobody depends on.
             */
            ungated: string;
        };
        /**
         * @description An empty object.
         * @example {}
         */
        DryRun: Record<string, never>;
        DryRunResult: {
            /**
             * @description Each check, made once on each host.
             * @example [
             *       {
             *         "check": "ready",
             *         "host": "a",
             *         "outcome": "pass",
             *         "value": 12.5,
             *         "detail": null,
             *         "read": {
             *           "status": 200
             *         }
             *       }
             *     ]
             */
            checks: {
                /**
                 * @description The check, by its name.
                 * @example ready
                 */
                check: string;
                /**
                 * @description The host, by its name; null for Prometheus, which has none.
                 * @example a
                 */
                host: string | null;
                /**
                 * @description How it went.
                 * @example pass
                 * @enum {string}
                 */
                outcome: "pass" | "fail" | "no_data" | "error" | "missed";
                /**
                 * @description What was measured: ms of an HTTP probe, the value of a query; null where there was none.
                 * @example 12.5
                 */
                value: number | null;
                /**
                 * @description Why it is so; null where it passed.
                 * @example null
                 */
                detail: string | null;
                /**
                 * @description What was read: of an HTTP answer its fields, of Prometheus the query and what it answered.
                 * @example {
                 *       "status": 200
                 *     }
                 */
                read: {
                    [key: string]: unknown;
                } | null;
            }[];
            /**
             * @description What each host says it runs.
             * @example [
             *       {
             *         "host": "a",
             *         "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
             *         "detail": "It runs the release."
             *       }
             *     ]
             */
            identity: {
                /**
                 * @description The host, by its name.
                 * @example a
                 */
                host: string;
                /**
                 * @description The release that the host says it runs.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                digest: string | null;
                /**
                 * @description What the host answered, for people.
                 * @example It runs the release.
                 */
                detail: string;
            }[];
        };
        Freeze: {
            /**
             * @description Whether new deployments are kept from starting.
             * @example false
             */
            frozen: boolean;
            /**
             * @description False while Unleash is configured and was not heard for 5 minutes.
             * @example true
             */
            known: boolean;
            /**
             * Format: date-time
             * @description The first instant at which nothing is frozen. Null beyond 90 days, with a flag, and while not frozen.
             * @example null
             */
            nextOpen: string | null;
            /**
             * @description What freezes, if anything does.
             * @example []
             */
            reasons: {
                /**
                 * @description What freezes: a window, a weekly window, or the flag.
                 * @example weekly
                 * @enum {string}
                 */
                kind: "window" | "weekly" | "flag";
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
                /**
                 * @description Why, in the words of whoever planned it.
                 * @example Nobody is here on Friday night.
                 */
                reason: string;
                /**
                 * Format: date-time
                 * @description When it ends; null for a flag.
                 * @example 2026-03-06T22:59:00.000Z
                 */
                until: string | null;
            }[];
        };
        /**
         * @description Either `from` and `to`, or `weekly`.
         * @example {
         *       "environment": "production",
         *       "from": "2026-12-23T17:00:00.000Z",
         *       "to": "2027-01-02T08:00:00.000Z",
         *       "reason": "The holidays."
         *     }
         */
        CreateFreeze: {
            /**
             * @description Null for all environments.
             * @default null
             * @example production
             */
            environment?: string | null;
            /**
             * @description Null for all services.
             * @default null
             * @example null
             */
            service?: string | null;
            /**
             * Format: date-time
             * @description The first instant of it; now unless given.
             * @default null
             * @example 2026-12-23T17:00:00.000Z
             */
            from?: string | null;
            /**
             * Format: date-time
             * @description Exclusive.
             * @default null
             * @example 2027-01-02T08:00:00.000Z
             */
            to?: string | null;
            /**
             * @description The same hours every week; null for a window.
             * @default null
             * @example null
             */
            weekly?: components["schemas"]["WeeklyWindow"] | null;
            /**
             * @description Why, for whoever is refused.
             * @example The holidays.
             */
            reason: string;
        };
        WeeklyWindow: {
            /**
             * @description On which days it begins.
             * @example [
             *       "fri"
             *     ]
             */
            days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
            /**
             * @description When it begins, by the clock on the wall.
             * @example 16:00
             */
            from: string;
            /**
             * @description Exclusive. At or before `from` it means the next day.
             * @example 23:59
             */
            to: string;
            /**
             * @description Whose clock it is.
             * @example Europe/Berlin
             */
            timeZone: string;
        };
        PlannedFreeze: {
            /**
             * Format: uuid
             * @description The id that Plimsoll gave it, a UUIDv7.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            id: string;
            /**
             * @description Null for all environments.
             * @example production
             */
            environment: string | null;
            /**
             * @description Null for all services.
             * @example null
             */
            service: string | null;
            /**
             * Format: date-time
             * @description The first instant of it; null of a weekly one.
             * @example 2026-12-23T17:00:00.000Z
             */
            from: string | null;
            /**
             * Format: date-time
             * @description The first instant at which it is over; null of a weekly one.
             * @example 2027-01-02T08:00:00.000Z
             */
            to: string | null;
            /**
             * @description The same hours every week; null for a window.
             * @example null
             */
            weekly: components["schemas"]["WeeklyWindow"] | null;
            /**
             * @description Why, for whoever is refused.
             * @example The holidays.
             */
            reason: string;
            /**
             * @description Who did it: the name of a token, an issuer and its subject, or `plimsoll` itself.
             * @example ci
             */
            actor: string;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * @description Only in a list with `from` and `to`: whole ones, those included that begin before the range.
             * @example [
             *       {
             *         "from": "2026-12-23T17:00:00.000Z",
             *         "to": "2027-01-02T08:00:00.000Z"
             *       }
             *     ]
             */
            occurrences?: {
                /**
                 * Format: date-time
                 * @description The first instant of it; null of a weekly one.
                 * @example 2026-12-23T17:00:00.000Z
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description The first instant at which it is over; null of a weekly one.
                 * @example 2027-01-02T08:00:00.000Z
                 */
                to: string;
            }[];
        };
        PlannedFreezes: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["PlannedFreeze"][];
        };
        Deployment: {
            /**
             * Format: uuid
             * @description The id that Plimsoll gave it, a UUIDv7.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            id: string;
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The environment, by its slug.
             * @example production
             */
            environment: string;
            /**
             * @description What kind of deployment it is.
             * @example deploy
             * @enum {string}
             */
            kind: "deploy" | "rollback" | "redeploy";
            /**
             * @description Where it is in its life.
             * @example promoted
             * @enum {string}
             */
            state: "queued" | "in_progress" | "verifying" | "on_hold" | "promoted" | "rejected" | "failed" | "cancelled" | "superseded";
            /**
             * @description The number by which the slot knows this deployment from older ones; null until it starts.
             * @example 7
             */
            fence: number | null;
            /**
             * @description Counts the deployments of the slot, in the order in which they were asked for.
             * @example 41
             */
            sequence: number;
            /**
             * @description What is deployed.
             * @example {
             *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
             *       "version": "1.4.2",
             *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5"
             *     }
             */
            release: components["schemas"]["ReleaseReference"];
            /**
             * @description What ran when it started; null where nobody knows, or nothing did.
             * @example {
             *       "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
             *       "version": "1.4.1",
             *       "gitSha": "1d9e5b7a3c2f4e6088b1a0d9c8f7e6d5c4b3a291"
             *     }
             */
            previousRelease: components["schemas"]["ReleaseReference"] | null;
            /**
             * @description What the gate says; `pending` before it says anything.
             * @example promote
             * @enum {string}
             */
            verdict: "pending" | "promote" | "rollback" | "hold" | "none";
            /**
             * @description The code of the first of `reasons`.
             * @example all-checks-passed
             */
            reason: string | null;
            /**
             * @description Why it is in this state, the newest first.
             * @example [
             *       {
             *         "code": "all-checks-passed",
             *         "detail": "40 of 40 measurements passed."
             *       }
             *     ]
             */
            reasons: components["schemas"]["Reason"][];
            /**
             * @description What a shadow gate would have said, once its run has ended; null without one.
             * @example null
             */
            shadowVerdict: components["schemas"]["ShadowVerdict"] | null;
            /**
             * @description Who did it: the name of a token, an issuer and its subject, or `plimsoll` itself.
             * @example ci
             */
            actor: string;
            /**
             * @description What the caller knows it by, unique in its slot: the same one again is the same deployment.
             * @example run-77
             */
            externalId: string | null;
            /**
             * @description The digest that the slot is expected to run; if it runs another, 409 `stale-base`.
             * @example sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
             */
            expectedPrevious: string | null;
            /**
             * Format: date-time
             * @description Orders deployments by time, say of the commit: older than what runs is 409 `outdated`. Null for no order.
             * @example 2026-03-02T08:30:00.000Z
             */
            sequenceKey: string | null;
            /**
             * Format: uuid
             * @description The deployment of the same slot that this one tries again.
             * @example null
             */
            retryOf: string | null;
            /**
             * Format: uuid
             * @description The deployment of the same slot that this one undoes or mends.
             * @example null
             */
            remediates: string | null;
            /**
             * @description Of a rollback: why, in the words of whoever asked for it.
             * @example null
             */
            rollbackReason: string | null;
            /**
             * @description Whether a verdict of rollback stands by itself; false makes a hold of it.
             * @example true
             */
            autoRollback: boolean;
            /**
             * @description What freezes said when it started.
             * @example {
             *       "frozen": false,
             *       "known": true,
             *       "override": null,
             *       "at": "2026-03-02T10:00:00.000Z"
             *     }
             */
            freezeDecision: {
                /**
                 * @description Whether new deployments are kept from starting.
                 * @example false
                 */
                frozen: boolean;
                /**
                 * @description False while Unleash is configured and was not heard for 5 minutes.
                 * @example true
                 */
                known: boolean;
                /**
                 * @description Who overrode the freeze, and why; null for nobody.
                 * @example null
                 */
                override: {
                    /**
                     * @description Who did it: the name of a token, an issuer and its subject, or `plimsoll` itself.
                     * @example ci
                     */
                    actor: string;
                    /**
                     * @description The code of the first of `reasons`.
                     * @example all-checks-passed
                     */
                    reason: string;
                } | null;
                /**
                 * Format: date-time
                 * @description When it happened.
                 * @example 2026-03-02T10:00:00.000Z
                 */
                at: string;
            };
            /**
             * @description Of a failed one: whether hosts may run something else now.
             * @example null
             */
            hostsChanged: boolean | null;
            /**
             * @description Whether another tool made it, and its history was imported.
             * @example false
             */
            imported: boolean;
            /**
             * @description Whether it is marked as bad: its release is no last known good then.
             * @example false
             */
            bad: boolean;
            /**
             * @description Why it is marked as bad; null while it is not.
             * @example null
             */
            badReason: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it began to wait for its slot.
             * @example null
             */
            queuedAt: string | null;
            /**
             * Format: date-time
             * @description When it got its slot.
             * @example 2026-03-02T10:00:00.000Z
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description When its deployer was last heard.
             * @example 2026-03-02T10:03:00.000Z
             */
            heartbeatAt: string | null;
            /**
             * Format: date-time
             * @description When its release was on its hosts.
             * @example 2026-03-02T10:04:00.000Z
             */
            deployedAt: string | null;
            /**
             * Format: date-time
             * @description When it was put on hold.
             * @example null
             */
            heldAt: string | null;
            /**
             * Format: date-time
             * @description When it came into its last state.
             * @example 2026-03-02T10:14:00.000Z
             */
            finishedAt: string | null;
        };
        ReleaseReference: {
            /**
             * @description The digest of the image.
             * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description What people call the release.
             * @example 1.4.2
             */
            version: string;
            /**
             * @description The commit that it was made of, in full.
             * @example 8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5
             */
            gitSha: string;
        };
        Reason: {
            /**
             * @description What happened, as one word that never changes.
             * @example check-failed
             * @enum {string}
             */
            code: "all-checks-passed" | "check-failed" | "wrong-version" | "no-evidence" | "check-error" | "no-known-good" | "ungated" | "shadow" | "preempted" | "decided" | "cancelled" | "superseded" | "failed" | "hold-timeout" | "lease-expired";
            /**
             * @description The check that says so.
             * @example ready
             */
            check?: string;
            /**
             * @description The host where it happened.
             * @example a
             */
            host?: string;
            /**
             * @description What happened, for people.
             * @example The status was 503, and 200 was expected.
             */
            detail: string;
        };
        /** @description What a shadow gate would have said, once its run has ended. */
        ShadowVerdict: {
            /**
             * @description What the gate would have said.
             * @example promote
             * @enum {string}
             */
            verdict: "promote" | "rollback" | "hold";
            /**
             * @description Why it is in this state, the newest first.
             * @example [
             *       {
             *         "code": "all-checks-passed",
             *         "detail": "40 of 40 measurements passed."
             *       }
             *     ]
             */
            reasons: components["schemas"]["Reason"][];
        };
        Deployments: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["DeploymentSummary"][];
        };
        DeploymentSummary: {
            /**
             * Format: uuid
             * @description The id that Plimsoll gave it, a UUIDv7.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            id: string;
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The environment, by its slug.
             * @example production
             */
            environment: string;
            /**
             * @description What kind of deployment it is.
             * @example deploy
             * @enum {string}
             */
            kind: "deploy" | "rollback" | "redeploy";
            /**
             * @description Where it is in its life.
             * @example promoted
             * @enum {string}
             */
            state: "queued" | "in_progress" | "verifying" | "on_hold" | "promoted" | "rejected" | "failed" | "cancelled" | "superseded";
            /**
             * @description The number by which the slot knows this deployment from older ones; null until it starts.
             * @example 7
             */
            fence: number | null;
            /**
             * @description Counts the deployments of the slot, in the order in which they were asked for.
             * @example 41
             */
            sequence: number;
            /**
             * @description What is deployed.
             * @example {
             *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
             *       "version": "1.4.2",
             *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5"
             *     }
             */
            release: components["schemas"]["ReleaseReference"];
            /**
             * @description What ran when it started; null where nobody knows, or nothing did.
             * @example {
             *       "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
             *       "version": "1.4.1",
             *       "gitSha": "1d9e5b7a3c2f4e6088b1a0d9c8f7e6d5c4b3a291"
             *     }
             */
            previousRelease: components["schemas"]["ReleaseReference"] | null;
            /**
             * @description What the gate says; `pending` before it says anything.
             * @example promote
             * @enum {string}
             */
            verdict: "pending" | "promote" | "rollback" | "hold" | "none";
            /**
             * @description The code of the first of `reasons`.
             * @example all-checks-passed
             */
            reason: string | null;
            /**
             * @description The first 20.
             * @example [
             *       {
             *         "code": "all-checks-passed",
             *         "detail": "40 of 40 measurements passed."
             *       }
             *     ]
             */
            reasons: components["schemas"]["Reason"][];
            /**
             * @description With its first 20 reasons.
             * @example null
             */
            shadowVerdict: components["schemas"]["ShadowVerdict"] | null;
            /**
             * @description Who did it: the name of a token, an issuer and its subject, or `plimsoll` itself.
             * @example ci
             */
            actor: string;
            /**
             * @description What the caller knows it by, unique in its slot: the same one again is the same deployment.
             * @example run-77
             */
            externalId: string | null;
            /**
             * @description The digest that the slot is expected to run; if it runs another, 409 `stale-base`.
             * @example sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
             */
            expectedPrevious: string | null;
            /**
             * Format: date-time
             * @description Orders deployments by time, say of the commit: older than what runs is 409 `outdated`. Null for no order.
             * @example 2026-03-02T08:30:00.000Z
             */
            sequenceKey: string | null;
            /**
             * Format: uuid
             * @description The deployment of the same slot that this one tries again.
             * @example null
             */
            retryOf: string | null;
            /**
             * Format: uuid
             * @description The deployment of the same slot that this one undoes or mends.
             * @example null
             */
            remediates: string | null;
            /**
             * @description Of a rollback: why, in the words of whoever asked for it.
             * @example null
             */
            rollbackReason: string | null;
            /**
             * @description Whether a verdict of rollback stands by itself; false makes a hold of it.
             * @example true
             */
            autoRollback: boolean;
            /**
             * @description What freezes said when it started.
             * @example {
             *       "frozen": false,
             *       "known": true,
             *       "override": null,
             *       "at": "2026-03-02T10:00:00.000Z"
             *     }
             */
            freezeDecision: {
                /**
                 * @description Whether new deployments are kept from starting.
                 * @example false
                 */
                frozen: boolean;
                /**
                 * @description False while Unleash is configured and was not heard for 5 minutes.
                 * @example true
                 */
                known: boolean;
                /**
                 * @description Who overrode the freeze, and why; null for nobody.
                 * @example null
                 */
                override: {
                    /**
                     * @description Who did it: the name of a token, an issuer and its subject, or `plimsoll` itself.
                     * @example ci
                     */
                    actor: string;
                    /**
                     * @description The code of the first of `reasons`.
                     * @example all-checks-passed
                     */
                    reason: string;
                } | null;
                /**
                 * Format: date-time
                 * @description When it happened.
                 * @example 2026-03-02T10:00:00.000Z
                 */
                at: string;
            };
            /**
             * @description Of a failed one: whether hosts may run something else now.
             * @example null
             */
            hostsChanged: boolean | null;
            /**
             * @description Whether another tool made it, and its history was imported.
             * @example false
             */
            imported: boolean;
            /**
             * @description Whether it is marked as bad: its release is no last known good then.
             * @example false
             */
            bad: boolean;
            /**
             * @description Why it is marked as bad; null while it is not.
             * @example null
             */
            badReason: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it began to wait for its slot.
             * @example null
             */
            queuedAt: string | null;
            /**
             * Format: date-time
             * @description When it got its slot.
             * @example 2026-03-02T10:00:00.000Z
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description When its deployer was last heard.
             * @example 2026-03-02T10:03:00.000Z
             */
            heartbeatAt: string | null;
            /**
             * Format: date-time
             * @description When its release was on its hosts.
             * @example 2026-03-02T10:04:00.000Z
             */
            deployedAt: string | null;
            /**
             * Format: date-time
             * @description When it was put on hold.
             * @example null
             */
            heldAt: string | null;
            /**
             * Format: date-time
             * @description When it came into its last state.
             * @example 2026-03-02T10:14:00.000Z
             */
            finishedAt: string | null;
            /**
             * @description How many reasons the deployment itself has.
             * @example 1
             */
            reasonCount: number;
        };
        /**
         * @description Who reports, by the fence that it got.
         * @example {
         *       "fence": 7
         *     }
         */
        Fence: {
            /**
             * @description The number by which the slot knows this deployment from older ones; null until it starts.
             * @example 7
             */
            fence: number | null;
        };
        /**
         * @description The release did not get onto its hosts, or not onto all.
         * @example {
         *       "fence": 7,
         *       "reason": "The image could not be pulled.",
         *       "hostsChanged": false
         *     }
         */
        DeploymentFailed: {
            /**
             * @description The number by which the slot knows this deployment from older ones; null until it starts.
             * @example 7
             */
            fence: number | null;
            /**
             * @description Why, in the words of whoever asked for it.
             * @example The error rate doubled.
             */
            reason: string;
            /**
             * @description Whether hosts may run something else now.
             * @default true
             * @example true
             */
            hostsChanged?: boolean;
        };
        /**
         * @description The deployment is not wanted any more.
         * @example {
         *       "fence": 7,
         *       "reason": "A newer one is on its way.",
         *       "hostsChanged": false
         *     }
         */
        CancelDeployment: {
            /**
             * @description The number by which the slot knows this deployment from older ones; null until it starts.
             * @example 7
             */
            fence: number | null;
            /**
             * @description Why, in the words of whoever asked for it.
             * @example The error rate doubled.
             */
            reason: string;
            /**
             * @description Whether hosts may run something else now.
             * @default true
             * @example false
             */
            hostsChanged?: boolean;
        };
        /**
         * @description What a person decides of a deployment on hold.
         * @example {
         *       "decision": "promote",
         *       "reason": "The alert was of another service."
         *     }
         */
        Decision: {
            /**
             * @description What a person decides of a deployment on hold.
             * @example promote
             * @enum {string}
             */
            decision: "promote" | "reject";
            /**
             * @description Why, in the words of whoever asked for it.
             * @example The error rate doubled.
             */
            reason: string;
        };
        /**
         * @description Whether a deployment counts as bad.
         * @example {
         *       "bad": true,
         *       "reason": "It lost orders."
         *     }
         */
        Mark: {
            /**
             * @description Whether it is marked as bad: its release is no last known good then.
             * @example true
             */
            bad: boolean;
            /**
             * @description Why, in the words of whoever asked for it.
             * @example The error rate doubled.
             */
            reason: string;
        };
        Slot: {
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The environment, by its slug.
             * @example production
             */
            environment: string;
            /**
             * @description What the slot runs; null where nobody knows, or nothing does.
             * @example {
             *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
             *       "version": "1.4.2",
             *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5"
             *     }
             */
            runningRelease: components["schemas"]["ReleaseReference"] | null;
            /**
             * @description Whether it is known what the slot runs.
             * @example known
             * @enum {string}
             */
            runningReleaseState: "known" | "unknown" | "none";
            /**
             * @description The newest promoted release that no incident and no person has marked bad.
             * @example {
             *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
             *       "version": "1.4.2",
             *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5"
             *     }
             */
            lastKnownGood: components["schemas"]["ReleaseReference"] | null;
            /**
             * @description The deployment that holds the slot; null while it is free.
             * @example null
             */
            activeDeployment: {
                /**
                 * Format: uuid
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
                /**
                 * @description What kind of deployment it is.
                 * @example deploy
                 * @enum {string}
                 */
                kind: "deploy" | "rollback" | "redeploy";
                /**
                 * @description Where it is in its life.
                 * @example promoted
                 * @enum {string}
                 */
                state: "queued" | "in_progress" | "verifying" | "on_hold" | "promoted" | "rejected" | "failed" | "cancelled" | "superseded";
                /**
                 * @description What the gate says; `pending` before it says anything.
                 * @example promote
                 * @enum {string}
                 */
                verdict: "pending" | "promote" | "rollback" | "hold" | "none";
                /**
                 * @description What is deployed.
                 * @example {
                 *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                 *       "version": "1.4.2",
                 *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5"
                 *     }
                 */
                release: components["schemas"]["ReleaseReference"];
                /**
                 * @description The number of the newest deployment that started here; 0 for none.
                 * @example 7
                 */
                fence: number | null;
                /**
                 * @description Who did it: the name of a token, an issuer and its subject, or `plimsoll` itself.
                 * @example ci
                 */
                actor: string;
                /**
                 * Format: date-time
                 * @description When it was made.
                 * @example 2026-03-02T10:00:00.000Z
                 */
                createdAt: string;
                /**
                 * Format: date-time
                 * @description When it leaves its state at the latest; null where nothing limits it.
                 * @example 2026-03-02T10:15:00.000Z
                 */
                deadline: string | null;
            } | null;
            /**
             * @description The number of the newest deployment that started here; 0 for none.
             * @example 7
             */
            fence: number;
            /**
             * @description The hosts, and what each was last seen to run.
             * @example [
             *       {
             *         "name": "a",
             *         "url": "http://10.0.0.5:8080",
             *         "observedDigest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
             *         "observedAt": "2026-03-02T10:05:00.000Z",
             *         "drifting": false
             *       }
             *     ]
             */
            hosts: {
                /**
                 * @description What it is called.
                 * @example a
                 */
                name: string;
                /**
                 * @description Where probes are sent.
                 * @example http://10.0.0.5:8080
                 */
                url: string;
                /**
                 * @description What the host was last seen to run; null for nothing yet.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                observedDigest: string | null;
                /**
                 * Format: date-time
                 * @description When it was seen.
                 * @example 2026-03-02T10:05:00.000Z
                 */
                observedAt: string | null;
                /**
                 * @description Whether it runs something else than the running release.
                 * @example false
                 */
                drifting: boolean;
            }[];
            /**
             * @description Whether a host runs something else than the running release.
             * @example false
             */
            drift: boolean;
            /**
             * @description Whether new deployments may start here.
             * @example {
             *       "frozen": false,
             *       "known": true,
             *       "nextOpen": null,
             *       "reasons": []
             *     }
             */
            freeze: components["schemas"]["Freeze"];
        };
        /**
         * @description What a host was seen to run.
         * @example {
         *       "host": "a",
         *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        Observation: {
            /**
             * @description The host, by its name.
             * @example a
             */
            host: string;
            /**
             * @description The digest of the image.
             * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
        };
        Verdict: {
            /**
             * @description What the gate says; `pending` before it says anything.
             * @example promote
             * @enum {string}
             */
            verdict: "pending" | "promote" | "rollback" | "hold" | "none";
            /**
             * @description Where it is in its life.
             * @example promoted
             * @enum {string}
             */
            state: "queued" | "in_progress" | "verifying" | "on_hold" | "promoted" | "rejected" | "failed" | "cancelled" | "superseded";
            /**
             * @description The release to go back to; null where there is none, or nothing to go back from.
             * @example null
             */
            rollbackTo: {
                /**
                 * @description The digest of the image.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                digest: string;
                /**
                 * @description What people call the release.
                 * @example 1.4.2
                 */
                version: string;
            } | null;
            /**
             * @description Why it is in this state, the newest first.
             * @example [
             *       {
             *         "code": "all-checks-passed",
             *         "detail": "40 of 40 measurements passed."
             *       }
             *     ]
             */
            reasons: components["schemas"]["Reason"][];
            /**
             * @description What a shadow gate would have said, once its run has ended; null without one.
             * @example null
             */
            shadowVerdict: components["schemas"]["ShadowVerdict"] | null;
            /**
             * @description How far the gate has come; null without a gate run.
             * @example {
             *       "done": 12,
             *       "planned": 40
             *     }
             */
            progress: {
                /**
                 * @description How many measurements there are.
                 * @example 12
                 */
                done: number;
                /**
                 * @description How many there will be.
                 * @example 40
                 */
                planned: number;
            };
        };
        Measurements: {
            /** @description The items of this page, newest first. */
            items: {
                /**
                 * @description The check, by its name.
                 * @example ready
                 */
                check: string;
                /**
                 * @description The host, by its name; null for Prometheus, which has none.
                 * @example a
                 */
                host: string | null;
                /**
                 * @description Which repetition of the check it is, from 0.
                 * @example 3
                 */
                n: number;
                /**
                 * Format: date-time
                 * @description When it was due.
                 * @example 2026-03-02T10:04:45.000Z
                 */
                dueAt: string;
                /**
                 * Format: date-time
                 * @description When it was made; null where it was missed.
                 * @example 2026-03-02T10:04:45.012Z
                 */
                measuredAt: string | null;
                /**
                 * @description How it went.
                 * @example pass
                 * @enum {string}
                 */
                outcome: "pass" | "fail" | "no_data" | "error" | "missed";
                /**
                 * @description What was measured: ms of an HTTP probe, the value of a query; null where there was none.
                 * @example 12.5
                 */
                value: number | null;
                /**
                 * @description Why it is so; null where it passed.
                 * @example null
                 */
                detail: string | null;
            }[];
        };
        Import: {
            /**
             * @description How many lines are new in the ledger.
             * @example 3
             */
            created: number;
            /**
             * @description How many lines were known before, and stay as they are.
             * @example 0
             */
            existing: number;
            /**
             * @description The lines that were left out, the first 1000 of them.
             * @example [
             *       {
             *         "line": 2,
             *         "code": "validation-failed",
             *         "detail": "/service: There is no service \"checkuot\"; PUT /v1/services/checkuot first."
             *       }
             *     ]
             */
            refused: {
                /**
                 * @description The number of the line, from 1.
                 * @example 2
                 */
                line: number;
                /**
                 * @description Why, as the code of a problem.
                 * @example validation-failed
                 */
                code: string;
                /**
                 * @description What would mend it.
                 * @example /service: There is no service "checkuot"; PUT /v1/services/checkuot first.
                 */
                detail: string;
            }[];
            /**
             * @description How many lines were refused beyond those that are listed.
             * @example 12
             */
            moreRefused?: number;
        };
        Sinks: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["Sink"][];
        };
        Sink: {
            /**
             * @description What the configuration calls it.
             * @example team-chat
             */
            name: string;
            /**
             * @description What it takes.
             * @example slack
             * @enum {string}
             */
            kind: "cdevents" | "slack" | "teams";
            /**
             * @description How many events wait for it.
             * @example 0
             */
            pending: number;
            /**
             * @description Since when the oldest waits; null where nothing does.
             * @example null
             */
            oldestSeconds: number | null;
            /**
             * Format: date-time
             * @description When it last took one; null for never.
             * @example 2026-03-02T10:00:00.000Z
             */
            lastSuccess: string | null;
            /**
             * @description Why it did not take the last one that it refused; null for none.
             * @example null
             */
            lastError: string | null;
            /**
             * Format: date-time
             * @description Until when a sink that takes nothing is left alone.
             * @example null
             */
            pausedUntil: string | null;
            /**
             * @description How many events were given up after 24 h.
             * @example 0
             */
            deadLetters: number;
        };
        /**
         * @description An empty object, or nothing.
         * @example {}
         */
        Nothing: Record<string, never>;
        /**
         * @description A token to be made.
         * @example {
         *       "name": "ci",
         *       "role": "deployer",
         *       "service": null,
         *       "expiresAt": null
         *     }
         */
        CreateToken: {
            /**
             * @description Shown as the actor of what is done with it.
             * @example ci
             */
            name: string;
            /**
             * @description What the token may do.
             * @example deployer
             * @enum {string}
             */
            role: "viewer" | "reporter" | "deployer" | "operator" | "admin";
            /**
             * @description The one service that the token is for; null for all.
             * @default null
             * @example null
             */
            service?: string | null;
            /**
             * Format: date-time
             * @description When the token ends by itself; null for never.
             * @default null
             * @example 2027-03-02T10:00:00.000Z
             */
            expiresAt?: string | null;
        };
        NewToken: {
            /**
             * Format: uuid
             * @description The id that Plimsoll gave it, a UUIDv7.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            id: string;
            /**
             * @description Who uses it; it stands in the audit log.
             * @example ci
             */
            name: string;
            /**
             * @description What the token may do.
             * @example deployer
             * @enum {string}
             */
            role: "viewer" | "reporter" | "deployer" | "operator" | "admin";
            /**
             * @description The one service that it is bound to; null for all.
             * @example null
             */
            service: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the token ends by itself; null for never.
             * @example 2027-03-02T10:00:00.000Z
             */
            expiresAt: string | null;
            /**
             * @description Shown this once; only its hash is kept.
             * @example plm_shown-this-once
             */
            token: string;
        };
        TokenPage: {
            /** @description The items of this page, newest first. */
            items: components["schemas"]["Token"][];
        };
        Token: {
            /**
             * Format: uuid
             * @description The id that Plimsoll gave it, a UUIDv7.
             * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
             */
            id: string;
            /**
             * @description Who uses it; it stands in the audit log.
             * @example ci
             */
            name: string;
            /**
             * @description What the token may do.
             * @example deployer
             * @enum {string}
             */
            role: "viewer" | "reporter" | "deployer" | "operator" | "admin";
            /**
             * @description The one service that it is bound to; null for all.
             * @example null
             */
            service: string | null;
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the token ends by itself; null for never.
             * @example 2027-03-02T10:00:00.000Z
             */
            expiresAt: string | null;
        };
        /** @description The token of the request; of an issuer, its issuer and subject as name. */
        CurrentToken: {
            /**
             * @description Who uses it; it stands in the audit log.
             * @example ci
             */
            name: string;
            /**
             * @description What the token may do.
             * @example deployer
             * @enum {string}
             */
            role: "viewer" | "reporter" | "deployer" | "operator" | "admin";
            /**
             * @description The one service that it is bound to; null for all.
             * @example null
             */
            service: string | null;
        };
        /**
         * @description What Alertmanager sends. Members that are not named here are left out.
         * @example {
         *       "version": "4",
         *       "alerts": [
         *         {
         *           "status": "firing",
         *           "labels": {
         *             "alertname": "CheckoutFails",
         *             "service": "checkout",
         *             "environment": "production"
         *           },
         *           "startsAt": "2026-03-02T10:40:00.000Z",
         *           "fingerprint": "b2f1a7c09d3e5f64"
         *         }
         *       ]
         *     }
         */
        AlertmanagerWebhook: {
            /**
             * @description The version of the payload.
             * @example 4
             * @constant
             */
            version: "4";
            /**
             * @description How many alerts were left out, because the receiver has `max_alerts`.
             * @example 0
             */
            truncatedAlerts?: number;
            /**
             * @description The alerts of this group.
             * @example [
             *       {
             *         "status": "firing",
             *         "labels": {
             *           "alertname": "CheckoutFails",
             *           "service": "checkout",
             *           "environment": "production"
             *         },
             *         "startsAt": "2026-03-02T10:40:00.000Z",
             *         "fingerprint": "b2f1a7c09d3e5f64"
             *       }
             *     ]
             */
            alerts: {
                /**
                 * @description Whether it still fires.
                 * @example firing
                 * @enum {string}
                 */
                status: "firing" | "resolved";
                /**
                 * @description Its labels, as Alertmanager has them.
                 * @example {
                 *       "alertname": "CheckoutFails",
                 *       "service": "checkout",
                 *       "environment": "production"
                 *     }
                 */
                labels: {
                    [key: string]: string;
                };
                /**
                 * @description For people: `summary` becomes the title.
                 * @example {
                 *       "summary": "Checkout fails"
                 *     }
                 */
                annotations?: {
                    [key: string]: string;
                };
                /**
                 * Format: date-time
                 * @description When it began.
                 * @example 2026-03-02T10:40:00.000Z
                 */
                startsAt: string;
                /**
                 * Format: date-time
                 * @description Before 1970 while it fires.
                 * @example 2026-03-02T11:05:00.000Z
                 */
                endsAt?: string;
                /**
                 * @description What makes alerts the same; with `startsAt` it names the incident.
                 * @example b2f1a7c09d3e5f64
                 */
                fingerprint: string;
            }[];
        };
        /**
         * @description A release is to be put into a slot.
         * @example {
         *       "service": "checkout",
         *       "environment": "production",
         *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "externalId": "run-77"
         *     }
         */
        CreateDeployment: {
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The environment, by its slug.
             * @example production
             */
            environment: string;
            /**
             * @description The digest of the image.
             * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description What kind of deployment it is.
             * @default deploy
             * @example deploy
             * @enum {string}
             */
            kind?: "deploy" | "redeploy";
            /**
             * @description What the caller knows it by, unique in its slot: the same one again is the same deployment.
             * @default null
             * @example run-77
             */
            externalId?: string | null;
            /**
             * @description What to do while another deployment holds the slot: be refused, or wait.
             * @default fail
             * @example fail
             * @enum {string}
             */
            onConflict?: "fail" | "queue";
            /**
             * @description The digest that the slot is expected to run; if it runs another, 409 `stale-base`. Null expects nothing.
             * @default null
             * @example null
             */
            expectedPrevious?: string | null;
            /**
             * @description Orders deployments by time, say of the commit: older than what runs is 409 `outdated`. Null for no order.
             * @default null
             * @example 2026-03-02T08:30:00.000Z
             */
            sequenceKey?: string | null;
            /**
             * @description The deployment of the same slot that this one tries again.
             * @default null
             * @example null
             */
            retryOf?: string | null;
            /**
             * @description The deployment of the same slot that this one undoes or mends.
             * @default null
             * @example null
             */
            remediates?: string | null;
            /**
             * @description Whether a verdict of rollback stands by itself; false makes a hold of it.
             * @default true
             * @example true
             */
            autoRollback?: boolean;
            /**
             * @description Starts in spite of a freeze; takes an operator.
             * @default null
             * @example null
             */
            override?: {
                /**
                 * @description Why it starts in spite of the freeze.
                 * @example A security fix.
                 */
                freeze: string;
            } | null;
        };
        /**
         * @description The slot is to go back.
         * @example {
         *       "reason": "The error rate doubled."
         *     }
         */
        Rollback: {
            /**
             * @description Why, in the words of whoever asked for it.
             * @example The error rate doubled.
             */
            reason: string;
            /**
             * @description The digest to go back to; null for the last known good.
             * @default null
             * @example null
             */
            to?: string | null;
            /**
             * @description Also while a deployment changes hosts; takes an operator.
             * @default false
             * @example false
             */
            force?: boolean;
        };
        /**
         * @description One line of an import.
         * @example {
         *       "type": "release",
         *       "service": "checkout",
         *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "version": "1.4.2",
         *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5"
         *     }
         */
        ImportLine: components["schemas"]["ImportRelease"] | components["schemas"]["ImportDeployment"] | components["schemas"]["ImportIncident"];
        ImportRelease: {
            /**
             * @description What kind of line it is.
             * @example release
             * @constant
             */
            type: "release";
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The digest of the image.
             * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description What people call the release.
             * @example 1.4.2
             */
            version: string;
            /**
             * @description The commit that it was made of, in full.
             * @example 8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5
             */
            gitSha: string;
            /**
             * @description When it was built; null if nobody said so.
             * @default null
             * @example 2026-03-02T09:00:00.000Z
             */
            builtAt?: string | null;
            /**
             * @description The commits that it carries and the one before did not, at most 5000.
             * @default []
             * @example [
             *       {
             *         "sha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5",
             *         "committedAt": "2026-03-02T08:30:00.000Z"
             *       }
             *     ]
             */
            commits?: {
                /**
                 * @description The id of the commit, in full.
                 * @example 8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5
                 */
                sha: string;
                /**
                 * Format: date-time
                 * @description When it was committed: the lead time of changes counts from there.
                 * @example 2026-03-02T08:30:00.000Z
                 */
                committedAt: string;
                /**
                 * Format: date-time
                 * @description When it was written.
                 * @example 2026-03-01T17:00:00.000Z
                 */
                authoredAt?: string;
                /**
                 * @description The message of the commit.
                 * @example Retry payments once
                 */
                message?: string;
                /**
                 * @description Whether it merges others, and so is no change of its own.
                 * @example false
                 */
                merge?: boolean;
            }[];
            /**
             * Format: date-time
             * @description When it was put into the other ledger; now unless given.
             * @example 2026-03-02T09:05:00.000Z
             */
            createdAt?: string;
        };
        ImportDeployment: {
            /**
             * @description What kind of line it is.
             * @example deployment
             * @constant
             */
            type: "deployment";
            /**
             * @description What it is known by; unique in its slot.
             * @example run-77
             */
            externalId: string;
            /**
             * @description The service, by its slug.
             * @example checkout
             */
            service: string;
            /**
             * @description The environment, by its slug.
             * @example production
             */
            environment: string;
            /**
             * @description The digest of the image.
             * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description What kind of deployment it is.
             * @default deploy
             * @example deploy
             * @enum {string}
             */
            kind?: "deploy" | "rollback" | "redeploy";
            /**
             * @description How it ended.
             * @example promoted
             * @enum {string}
             */
            state: "promoted" | "rejected" | "failed" | "cancelled" | "superseded";
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-03-02T10:00:00.000Z
             */
            createdAt: string;
            /**
             * @description When its release was on its hosts.
             * @default null
             * @example 2026-03-02T10:04:00.000Z
             */
            deployedAt?: string | null;
            /**
             * Format: date-time
             * @description When it came into its last state.
             * @example 2026-03-02T10:14:00.000Z
             */
            finishedAt: string;
            /**
             * @description The deployment of the same slot that this one undid or mended.
             * @default null
             * @example null
             */
            remediatesExternalId?: string | null;
            /**
             * @description Of a failed one: whether hosts were changed; true unless given.
             * @example true
             */
            hostsChanged?: boolean;
            /**
             * @description Who did it; the name of the token unless given.
             * @example ci
             */
            actor?: string;
            /**
             * @description Why its release should not be gone back to; null where it may.
             * @default null
             * @example null
             */
            badReason?: string | null;
        };
        ImportIncident: {
            /**
             * @description What kind of line it is.
             * @example incident
             * @constant
             */
            type: "incident";
            /**
             * @description What makes alerts the same; with `startsAt` it names the incident.
             * @example b2f1a7c09d3e5f64
             */
            fingerprint: string;
            /**
             * @description The service, by its slug.
             * @default null
             * @example checkout
             */
            service?: string | null;
            /**
             * @description The environment, by its slug.
             * @default null
             * @example production
             */
            environment?: string | null;
            /**
             * Format: date-time
             * @description When it began.
             * @example 2026-03-02T10:40:00.000Z
             */
            startsAt: string;
            /**
             * @description When it ended; null while it fires.
             * @default null
             * @example 2026-03-02T11:05:00.000Z
             */
            endsAt?: string | null;
            /**
             * @description Its labels, as Alertmanager has them.
             * @default {}
             * @example {
             *       "alertname": "CheckoutFails",
             *       "service": "checkout",
             *       "environment": "production"
             *     }
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description The deployment that caused it; null attributes it by its labels and its time.
             * @default null
             * @example null
             */
            deploymentExternalId?: string | null;
            /**
             * @description What people call it.
             * @example Checkout fails
             */
            title?: string;
            /**
             * @description `none` leaves it without a deployment.
             * @example none
             * @constant
             */
            attribution?: "none";
            /**
             * Format: date-time
             * @description When the other ledger heard of it; now unless given.
             * @example 2026-03-02T10:41:00.000Z
             */
            createdAt?: string;
        };
        PrometheusCheck: {
            /**
             * @description What the check is called in measurements and reasons.
             * @example error-ratio
             */
            name: string;
            /**
             * @description Whether it counts for the verdict; others are recorded only.
             * @example true
             */
            required?: boolean;
            /**
             * @description How long after the begin of the bake the first measurement is due.
             * @example 60
             */
            initialDelaySeconds?: number;
            /**
             * @description From one measurement to the next.
             * @example 15
             */
            intervalSeconds?: number;
            /**
             * @description How long one measurement may take.
             * @example 5
             */
            timeoutSeconds?: number;
            /**
             * @description Conditions that all have to hold.
             * @example [
             *       {
             *         "field": "value",
             *         "op": "lt",
             *         "value": 0.01
             *       }
             *     ]
             */
            expect?: components["schemas"]["Condition"][];
            /**
             * @description How many failures make the check fail, per check and host.
             * @example {
             *       "total": 3,
             *       "consecutive": 2
             *     }
             */
            failAt?: {
                /**
                 * @description So many in all are enough.
                 * @example 3
                 */
                total?: number;
                /**
                 * @description So many in a row are enough.
                 * @example 2
                 */
                consecutive?: number;
            };
            /**
             * @description So many errors in a row make the check an error.
             * @example 5
             */
            errorAt?: number;
            /**
             * @description The share of the planned measurements that there have to be.
             * @example 0.8
             */
            minMeasurements?: number;
            /**
             * @description What a check without data comes to.
             * @example hold
             * @enum {string}
             */
            onNoData?: "hold" | "pass" | "fail";
            /**
             * @description Compares the mean of the run with that of promoted runs before it.
             * @example {
             *       "op": "lte",
             *       "factor": 1.2,
             *       "runs": 3
             *     }
             */
            baseline?: {
                /**
                 * @description How it is compared.
                 * @example lte
                 * @enum {string}
                 */
                op?: "lt" | "lte" | "gt" | "gte";
                /**
                 * @description How many times the mean of those runs it may be.
                 * @example 1.2
                 */
                factor: number;
                /**
                 * @description The mean of so many promoted runs counts.
                 * @example 3
                 */
                runs?: number;
            };
            /**
             * @description How it measures.
             * @example prometheus
             * @constant
             */
            type: "prometheus";
            /**
             * @description An instant query that answers exactly one series.
             * @example sum(rate(http_requests_total{version="{release.version}",code=~"5.."}[2m])) / sum(rate(http_requests_total{version="{release.version}"}[2m]))
             */
            query: string;
            /**
             * @description Below so many requests a measurement has no data.
             * @example {
             *       "query": "sum(increase(http_requests_total{version=\"{release.version}\"}[2m]))",
             *       "atLeast": 20
             *     }
             */
            minRequests?: components["schemas"]["MinRequests"];
        };
        /** @description Below so many (20) there is nothing to judge: `no_data`. */
        MinRequests: {
            /**
             * @description A query that counts the requests of the window.
             * @example sum(increase(http_requests_total{version="{release.version}"}[2m]))
             */
            query: string;
            /**
             * @description So many requests are enough.
             * @example 20
             */
            atLeast?: number;
        };
        /** @description RFC 9457. Some problems have members of their own beside these, such as `holder`. */
        Problem: {
            /**
             * Format: uri
             * @description Stable; ends in the code of the problem.
             * @example urn:plimsoll:problem:slot-busy
             */
            type: string;
            /**
             * @description What kind of problem it is; the same for each of its code.
             * @example Another deployment holds this slot
             */
            title: string;
            /**
             * @description The status of the answer.
             * @example 409
             */
            status: number;
            /**
             * @description What is wrong with this very request, and what would mend it.
             * @example The deployment 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c holds this slot. Wait for it, or create with "onConflict": "queue".
             */
            detail: string;
            /**
             * @description The path that was asked for.
             * @example /v1/deployments
             */
            instance: string;
            /**
             * @description The request that did it, as in the log and in `X-Request-Id`.
             * @example 4bf92f3577b34da6a3ce929d0e0e4736
             */
            requestId: string;
            /**
             * @description With 422, where places of the request are at fault: the first 50 of them.
             * @example [
             *       {
             *         "pointer": "/digest",
             *         "detail": "must be \"sha256:\" and 64 lower-case hexadecimal digits"
             *       }
             *     ]
             */
            errors?: {
                /**
                 * @description RFC 6901; empty for the whole.
                 * @example /digest
                 */
                pointer: string;
                /**
                 * @description What is wrong there, and how to mend it.
                 * @example must be "sha256:" and 64 lower-case hexadecimal digits
                 */
                detail: string;
            }[];
        };
    };
    responses: {
        /** @description A problem (RFC 9457). */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Bad Request
         *
         *     - `malformed-request`: The request cannot be read
         *     - `invalid-cursor`: The cursor is not one of this list
         */
        "Problem400-malformed-request-invalid-cursor": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Unprocessable Entity
         *
         *     - `validation-failed`: The request is not valid
         */
        "Problem422-validation-failed": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Unauthorized
         *
         *     - `unauthenticated`: A valid token is required
         */
        "Problem401-unauthenticated": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Forbidden
         *
         *     - `forbidden`: The token does not allow this
         */
        "Problem403-forbidden": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Too Many Requests
         *
         *     - `too-many-requests`: There were too many requests
         */
        "Problem429-too-many-requests": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Service Unavailable
         *
         *     - `overloaded`: Plimsoll has too much to do
         *     - `database-unavailable`: The database does not answer
         *     - `schema-behind`: The database lacks migrations
         */
        "Problem503-overloaded-database-unavailable-schema-behind": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Internal Server Error
         *
         *     - `internal-error`: Plimsoll failed
         */
        "Problem500-internal-error": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Bad Request
         *
         *     - `malformed-request`: The request cannot be read
         */
        "Problem400-malformed-request": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `environment-not-found`: There is no such environment
         */
        "Problem404-not-found-environment-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Bad Request
         *
         *     - `malformed-request`: The request cannot be read
         *     - `malformed-json`: The body is not acceptable JSON
         */
        "Problem400-malformed-request-malformed-json": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Payload Too Large
         *
         *     - `body-too-large`: The body is too large
         */
        "Problem413-body-too-large": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Unsupported Media Type
         *
         *     - `unsupported-media-type`: The body is of the wrong media type
         */
        "Problem415-unsupported-media-type": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         */
        "Problem404-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Precondition Failed
         *
         *     - `precondition-failed`: The resource is no longer the one expected
         */
        "Problem412-precondition-failed": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `service-not-found`: There is no such service
         */
        "Problem404-not-found-service-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `hosts-not-found`: No hosts were put for this slot
         */
        "Problem404-not-found-hosts-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `release-not-found`: There is no such release
         */
        "Problem404-not-found-release-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Conflict
         *
         *     - `release-differs`: This digest is known as another release
         */
        "Problem409-release-differs": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `incident-not-found`: There is no such incident
         */
        "Problem404-not-found-incident-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Bad Request
         *
         *     - `malformed-request`: The request cannot be read
         *     - `malformed-json`: The body is not acceptable JSON
         *     - `malformed-webhook`: This is no webhook of Alertmanager
         */
        "Problem400-malformed-request-malformed-json-malformed-webhook": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `gate-not-found`: No gate was put for this slot
         */
        "Problem404-not-found-gate-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Conflict
         *
         *     - `too-many-freezes`: There are as many freezes as there may be
         */
        "Problem409-too-many-freezes": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `freeze-not-found`: There is no such freeze
         */
        "Problem404-not-found-freeze-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Bad Request
         *
         *     - `malformed-request`: The request cannot be read
         *     - `malformed-json`: The body is not acceptable JSON
         *     - `idempotency-key-required`: An Idempotency-Key is required
         *     - `idempotency-key-invalid`: The Idempotency-Key is not valid
         */
        "Problem400-malformed-request-malformed-json-idempotency-key-required-idempotency-key-invalid": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Unprocessable Entity
         *
         *     - `validation-failed`: The request is not valid
         *     - `idempotency-mismatch`: The key was used for another request
         */
        "Problem422-validation-failed-idempotency-mismatch": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Conflict
         *
         *     - `idempotency-in-flight`: The first request is still in flight
         *     - `slot-busy`: Another deployment holds this slot
         *     - `frozen`: Deployments are frozen here
         *     - `freeze-unknown`: Nobody knows whether deployments are frozen here
         *     - `stale-base`: The slot does not run the release that was expected
         *     - `outdated`: The slot runs something newer
         *     - `external-id-differs`: This external id belongs to another deployment
         */
        "Problem409-idempotency-in-flight-slot-busy-frozen-freeze-unknown-stale-base-outdated-external-id-differs": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `deployment-not-found`: There is no such deployment
         */
        "Problem404-not-found-deployment-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Conflict
         *
         *     - `stale-fence`: This fence is not the present one
         *     - `invalid-transition`: This cannot happen in the present state
         */
        "Problem409-stale-fence-invalid-transition": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Conflict
         *
         *     - `invalid-transition`: This cannot happen in the present state
         */
        "Problem409-invalid-transition": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Conflict
         *
         *     - `idempotency-in-flight`: The first request is still in flight
         *     - `no-known-good`: There is no release to go back to
         *     - `never-promoted`: This release was never promoted in this slot
         *     - `slot-busy`: Another deployment holds this slot
         */
        "Problem409-idempotency-in-flight-no-known-good-never-promoted-slot-busy": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Service Unavailable
         *
         *     - `overloaded`: Plimsoll has too much to do
         *     - `database-unavailable`: The database does not answer
         *     - `schema-behind`: The database lacks migrations
         *     - `import-interrupted`: The import has not been finished
         */
        "Problem503-overloaded-database-unavailable-schema-behind-import-interrupted": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Not Found
         *
         *     - `not-found`: There is no such resource
         *     - `sink-not-found`: There is no such sink
         */
        "Problem404-not-found-sink-not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    auditList: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
                /**
                 * @description The id of the resource, or its path under /v1.
                 * @example environments/production
                 */
                subject?: string;
                /**
                 * @description Who did it: the name of a token, an issuer and its subject, or `plimsoll` itself.
                 * @example ci
                 */
                actor?: string;
                /**
                 * @description The thing and the verb: `deployment.create`, `hosts.put`.
                 * @example deployment.create
                 */
                action?: string;
                /**
                 * @description The first instant of it.
                 * @example 2026-03-02T00:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Exclusive.
                 * @example 2026-03-09T00:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntries"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    auditVerify: {
        parameters: {
            query?: {
                /**
                 * @description The number of the last seal that was read; 0 for none.
                 * @example 0
                 */
                after?: number;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditSeals"];
                };
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    catalogEnvironment: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 304 if the ETag is still this one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Strong; for If-None-Match here and If-Match at a PUT of the same path. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description It is still the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-environment-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    catalogPutEnvironment: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 412 if the ETag of a GET of the same path is another one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tier": "production",
                 *       "description": "What customers use."
                 *     }
                 */
                "application/json": components["schemas"]["PutEnvironment"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            412: components["responses"]["Problem412-precondition-failed"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    catalogEnvironments: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Environments"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    catalogService: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 304 if the ETag is still this one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Strong; for If-None-Match here and If-Match at a PUT of the same path. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
            /** @description It is still the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-service-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    catalogPutService: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 412 if the ETag of a GET of the same path is another one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Takes orders and payments.",
                 *       "repository": "https://git.example.com/checkout",
                 *       "owner": "payments"
                 *     }
                 */
                "application/json": components["schemas"]["PutService"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            412: components["responses"]["Problem412-precondition-failed"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    catalogServices: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Services"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    catalogHosts: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 304 if the ETag is still this one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Strong; for If-None-Match here and If-Match at a PUT of the same path. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hosts"];
                };
            };
            /** @description It is still the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-hosts-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    catalogPutHosts: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 412 if the ETag of a GET of the same path is another one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hosts": [
                 *         {
                 *           "name": "a",
                 *           "url": "http://10.0.0.5:8080"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Hosts"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hosts"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            412: components["responses"]["Problem412-precondition-failed"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    releasesGet: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 304 if the ETag is still this one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The digest of the image.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Strong; for If-None-Match here and If-Match at a PUT of the same path. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description It is still the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-release-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    releasesPut: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The digest of the image.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "1.4.2",
                 *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5",
                 *       "builtAt": "2026-03-02T09:00:00.000Z",
                 *       "commits": [
                 *         {
                 *           "sha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5",
                 *           "committedAt": "2026-03-02T08:30:00.000Z"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PutRelease"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            409: components["responses"]["Problem409-release-differs"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    releasesList: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Releases"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    incidentsList: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service?: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment?: string;
                /**
                 * @description Whether it still fires.
                 * @example resolved
                 */
                status?: "firing" | "resolved";
                /**
                 * @description Those that started then or later.
                 * @example 2026-03-02T00:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Those that started before.
                 * @example 2026-03-09T00:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incidents"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    incidentsCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "service": "checkout",
                 *       "environment": "production",
                 *       "title": "Checkout fails",
                 *       "startsAt": "2026-03-02T10:40:00.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["CreateIncident"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    incidentsGet: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 304 if the ETag is still this one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Strong; for If-None-Match here and If-Match at a PUT of the same path. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description It is still the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-incident-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    incidentsPatch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 412 if the ETag of a GET of the same path is another one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "resolved"
                 *     }
                 */
                "application/json": components["schemas"]["PatchIncident"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-incident-not-found"];
            412: components["responses"]["Problem412-precondition-failed"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    webhooksAlertmanager: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "4",
                 *       "alerts": [
                 *         {
                 *           "status": "firing",
                 *           "labels": {
                 *             "alertname": "CheckoutFails",
                 *             "service": "checkout",
                 *             "environment": "production"
                 *           },
                 *           "startsAt": "2026-03-02T10:40:00.000Z",
                 *           "fingerprint": "b2f1a7c09d3e5f64"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["AlertmanagerWebhook"];
            };
        };
        responses: {
            /** @description Every alert of it is kept. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json-malformed-webhook"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    gatesGet: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 304 if the ETag is still this one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Strong; for If-None-Match here and If-Match at a PUT of the same path. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Gate"];
                };
            };
            /** @description It is still the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-gate-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    gatesPut: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 412 if the ETag of a GET of the same path is another one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "bakeSeconds": 600,
                 *       "identity": {
                 *         "url": "{host.url}/info",
                 *         "field": "/imageDigest"
                 *       },
                 *       "checks": [
                 *         {
                 *           "name": "ready",
                 *           "type": "http",
                 *           "url": "{host.url}/readyz",
                 *           "expect": [
                 *             {
                 *               "field": "status",
                 *               "op": "eq",
                 *               "value": 200
                 *             }
                 *           ]
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Gate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Gate"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            412: components["responses"]["Problem412-precondition-failed"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    gatesDryRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["DryRun"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRunResult"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-gate-not-found"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    freezesOfEnvironment: {
        parameters: {
            query?: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Freeze"];
                };
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    freezesList: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment?: string;
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service?: string;
                /**
                 * @description With `to`: each freeze carries its occurrences in this range of a year at most.
                 * @example 2026-03-02T00:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Exclusive.
                 * @example 2026-03-09T00:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlannedFreezes"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    freezesCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "environment": "production",
                 *       "from": "2026-12-23T17:00:00.000Z",
                 *       "to": "2027-01-02T08:00:00.000Z",
                 *       "reason": "The holidays."
                 *     }
                 */
                "application/json": components["schemas"]["CreateFreeze"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlannedFreeze"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            409: components["responses"]["Problem409-too-many-freezes"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    freezesDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-freeze-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsList: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service?: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment?: string;
                /**
                 * @description Where it is in its life.
                 * @example promoted
                 */
                state?: "queued" | "in_progress" | "verifying" | "on_hold" | "promoted" | "rejected" | "failed" | "cancelled" | "superseded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployments"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsCreate: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Any text that is new for every new intention.
                 * @example run-77-attempt-1
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "service": "checkout",
                 *       "environment": "production",
                 *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                 *       "externalId": "run-77"
                 *     }
                 */
                "application/json": components["schemas"]["CreateDeployment"];
            };
        };
        responses: {
            /** @description The external id is known: its deployment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json-idempotency-key-required-idempotency-key-invalid"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            409: components["responses"]["Problem409-idempotency-in-flight-slot-busy-frozen-freeze-unknown-stale-base-outdated-external-id-differs"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed-idempotency-mismatch"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsGet: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 304 if the ETag is still this one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Strong; for If-None-Match here and If-Match at a PUT of the same path. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            /** @description It is still the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsHeartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "fence": 7
                 *     }
                 */
                "application/json": components["schemas"]["Fence"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            409: components["responses"]["Problem409-stale-fence-invalid-transition"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsDeployed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "fence": 7
                 *     }
                 */
                "application/json": components["schemas"]["Fence"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            409: components["responses"]["Problem409-stale-fence-invalid-transition"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsFailed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "fence": 7,
                 *       "reason": "The image could not be pulled.",
                 *       "hostsChanged": false
                 *     }
                 */
                "application/json": components["schemas"]["DeploymentFailed"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            409: components["responses"]["Problem409-stale-fence-invalid-transition"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "fence": 7,
                 *       "reason": "A newer one is on its way.",
                 *       "hostsChanged": false
                 *     }
                 */
                "application/json": components["schemas"]["CancelDeployment"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            409: components["responses"]["Problem409-stale-fence-invalid-transition"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsDecide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "decision": "promote",
                 *       "reason": "The alert was of another service."
                 *     }
                 */
                "application/json": components["schemas"]["Decision"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            409: components["responses"]["Problem409-invalid-transition"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    deploymentsMark: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "bad": true,
                 *       "reason": "It lost orders."
                 *     }
                 */
                "application/json": components["schemas"]["Mark"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    rollbacksCreate: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Any text that is new for every new intention.
                 * @example run-77-attempt-1
                 */
                "Idempotency-Key": string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The error rate doubled."
                 *     }
                 */
                "application/json": components["schemas"]["Rollback"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json-idempotency-key-required-idempotency-key-invalid"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            409: components["responses"]["Problem409-idempotency-in-flight-no-known-good-never-promoted-slot-busy"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed-idempotency-mismatch"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    slotsSlot: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answers 304 if the ETag is still this one.
                 * @example "Yk3v8Q0pX2mWn5tRb7cZ1aLd9eHf4gUi6oSsJqXyTzA"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Strong; for If-None-Match here and If-Match at a PUT of the same path. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Slot"];
                };
            };
            /** @description It is still the one that If-None-Match names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    slotsObserve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "host": "a",
                 *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                 *     }
                 */
                "application/json": components["schemas"]["Observation"];
            };
        };
        responses: {
            /** @description The observation is kept. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    verdictsVerdict: {
        parameters: {
            query?: {
                /**
                 * @description Answers when the verdict falls, or after so many seconds.
                 * @example 30
                 */
                wait?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    verdictsMeasurements: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Measurements"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-deployment-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    importsCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One JSON object a line, of at most 1 MiB each. Blank lines are counted, and left out. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "release",
                 *       "service": "checkout",
                 *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                 *       "version": "1.4.2",
                 *       "gitSha": "8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5"
                 *     }
                 */
                "application/x-ndjson": components["schemas"]["ImportLine"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind-import-interrupted"];
            default: components["responses"]["Problem"];
        };
    };
    eventsEvents: {
        parameters: {
            query?: {
                /**
                 * @description The service, by its slug.
                 * @example checkout
                 */
                service?: string;
                /**
                 * @description The environment, by its slug.
                 * @example production
                 */
                environment?: string;
            };
            header?: {
                /**
                 * @description Goes on after the event of this id.
                 * @example 4711
                 */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events as they happen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    sinksList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sinks"];
                };
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    sinksTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description What it is called.
                 * @example a
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description The test event waits for the sink. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-sink-not-found"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    sinksReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description What it is called.
                 * @example a
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description What could not be sent waits for the sink again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found-sink-not-found"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    tokensList: {
        parameters: {
            query?: {
                /**
                 * @description Where the page begins: from the `Link` header of the page before.
                 * @example cGFnZSAy
                 */
                cursor?: string;
                /**
                 * @description How many items a page has at most.
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The next page, as `<…>; rel="next"`; absent on the last one. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-invalid-cursor"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    tokensCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "role": "deployer",
                 *       "service": null,
                 *       "expiresAt": null
                 *     }
                 */
                "application/json": components["schemas"]["CreateToken"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            400: components["responses"]["Problem400-malformed-request-malformed-json"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            413: components["responses"]["Problem413-body-too-large"];
            415: components["responses"]["Problem415-unsupported-media-type"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    tokensCurrent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentToken"];
                };
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
    tokensRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id that Plimsoll gave it, a UUIDv7.
                 * @example 0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400-malformed-request"];
            401: components["responses"]["Problem401-unauthenticated"];
            403: components["responses"]["Problem403-forbidden"];
            404: components["responses"]["Problem404-not-found"];
            422: components["responses"]["Problem422-validation-failed"];
            429: components["responses"]["Problem429-too-many-requests"];
            500: components["responses"]["Problem500-internal-error"];
            503: components["responses"]["Problem503-overloaded-database-unavailable-schema-behind"];
            default: components["responses"]["Problem"];
        };
    };
}
