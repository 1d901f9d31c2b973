import type { Fault } from './fault.ts';
import { answerValueFaults } from './faults/answer-values.ts';
import { authorizationFaults } from './faults/authorization.ts';
import { claimFaults } from './faults/claims.ts';
import { discoveryFaults } from './faults/discovery.ts';
import { dpopFaults } from './faults/dpop.ts';
import { keyFaults } from './faults/keys.ts';
import { signatureFaults } from './faults/signature.ts';
import { tenantFaults } from './faults/tenants.ts';
import { tokenFaults } from './faults/token.ts';
import { userInfoFaults } from './faults/user-info.ts';

/** Every lie, in the order of the catalogue. */
export const faults: readonly Fault[] = [
  ...discoveryFaults,
  ...tenantFaults,
  ...authorizationFaults,
  ...answerValueFaults,
  ...tokenFaults,
  ...dpopFaults,
  ...signatureFaults,
  ...claimFaults,
  ...keyFaults,
  ...userInfoFaults,
];
