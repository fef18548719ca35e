import type { Words } from '../../platform/http/openapi/documented-words.js';

/** Lines of an import, and what became of them. */
export const importsWords: Words = {
  'ImportRelease.type': ['What kind of line it is.', 'release'],
  'ImportDeployment.type': ['What kind of line it is.', 'deployment'],
  'ImportIncident.type': ['What kind of line it is.', 'incident'],
  'ImportRelease.createdAt': ['When it was put into the other ledger; now unless given.', '2026-03-02T09:05:00.000Z'],
  'ImportIncident.createdAt': ['When the other ledger heard of it; now unless given.', '2026-03-02T10:41:00.000Z'],
  'ImportDeployment.externalId': ['What it is known by; unique in its slot.', 'run-77'],
  'ImportDeployment.state': ['How it ended.', 'promoted'],
  remediatesExternalId: ['The deployment of the same slot that this one undid or mended.', null],
  deploymentExternalId: ['The deployment that caused it; null attributes it by its labels and its time.', null],
  'ImportIncident.attribution': ['`none` leaves it without a deployment.', 'none'],
  'ImportDeployment.hostsChanged': ['Of a failed one: whether hosts were changed; true unless given.', true],
  'ImportDeployment.actor': ['Who did it; the name of the token unless given.', 'ci'],
  'ImportDeployment.badReason': ['Why its release should not be gone back to; null where it may.', null],
  created: ['How many lines are new in the ledger.', 3],
  existing: ['How many lines were known before, and stay as they are.', 0],
  refused: [
    'The lines that were left out, the first 1000 of them.',
    [
      {
        line: 2,
        code: 'validation-failed',
        detail: '/service: There is no service "checkuot"; PUT /v1/services/checkuot first.',
      },
    ],
  ],
  line: ['The number of the line, from 1.', 2],
  'Import.refused.code': ['Why, as the code of a problem.', 'validation-failed'],
  'Import.refused.detail': [
    'What would mend it.',
    '/service: There is no service "checkuot"; PUT /v1/services/checkuot first.',
  ],
  moreRefused: ['How many lines were refused beyond those that are listed.', 12],
  ImportLine: [
    'One line of an import.',
    {
      type: 'release',
      service: 'checkout',
      digest: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      version: '1.4.2',
      gitSha: '8c1f3e0f6d2b4a5978e1c0d3b2a4f6e8d0c1b3a5',
    },
  ],
};
