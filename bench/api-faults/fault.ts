import type { Answer } from './api-process.ts';
import type { Scene } from './scene.ts';

/** What is right: every answer is one of these, after no more calls to the authorization server than that. */
export interface Right {
  readonly answers: readonly Answer[];
  /** @default any number */
  readonly calls?: number;
}

/** One thing that goes wrong, done to a guarded API at its authorization server. */
export interface ApiFault {
  /** Its item in the catalogue. */
  readonly id: string;
  readonly name: string;
  /** For APIs that read tokens. @default it says nothing about them */
  readonly jwt?: Right;
  /** For APIs that ask the server about tokens. @default it says nothing about them */
  readonly introspection?: Right;
  /** Only for APIs that read the server's metadata, or that remember tokens. @default for all */
  readonly only?: 'readsMetadata' | 'remembersTokens';
  /** Signing keys age within the second, where a library can be told so. @default false */
  readonly keysAge?: true;
  /** Counts the signatures that are checked among the calls. @default false */
  readonly countsChecks?: true;
  /** Sets the scene, marks where counting begins, and gives the answers that callers got from there. */
  run(scene: Scene): Promise<readonly Answer[]>;
}
