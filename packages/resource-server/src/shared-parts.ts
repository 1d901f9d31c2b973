import type { CheckedSettings } from './checked-settings.ts';
import type { Counts } from './counts.ts';
import type { Evictions } from './evictions.ts';
import type { KeptDocument } from './kept-document.ts';
import type { KeySource } from './keys.ts';
import type { ServerMetadata } from './metadata.ts';
import type { SharedAnswers } from './shared-answers.ts';

/** What the parts of one verifier have in common. */
export interface SharedParts {
  readonly settings: CheckedSettings;
  readonly metadata: KeptDocument<ServerMetadata>;
  readonly keys: KeySource;
  readonly evictions: Evictions;
  readonly counts: Counts;
  /** Set where there is a second level. */
  readonly answers: SharedAnswers | undefined;
}
