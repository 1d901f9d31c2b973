/** A system by the name that Node and Electron have for it. */
export type System = 'linux' | 'darwin' | 'win32';

/** What is packed for. */
export interface Target {
  readonly system: System;
  readonly arch: 'x64' | 'arm64';
}

/** `linux-x64`, as Electron's zips and prebuilt native parts are named. */
export const nameOf = ({ system, arch }: Target): string => `${system}-${arch}`;

/** What each of them calls its C library where that makes a difference; Electron runs with these only. */
const LIBRARIES: Readonly<Record<System, string>> = { linux: '-gnu', darwin: '', win32: '-msvc' };

/** The package with the keyring's native part. */
export const keyringPart = (target: Target): string =>
  `@napi-rs/keyring-${nameOf(target)}${LIBRARIES[target.system]}`;
