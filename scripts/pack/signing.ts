import type { Options } from '@electron/packager';

/**
 * Signatures, where the environment has what they need; nothing is signed otherwise. A signature that fails ends the
 * packing: an app that was to be signed and is not would look finished.
 * @see https://packages.electronjs.org/osx-sign, https://packages.electronjs.org/windows-sign
 */
export function signing(env: NodeJS.ProcessEnv = process.env): Partial<Options> {
  const {
    MAC_SIGN_IDENTITY,
    APPLE_KEYCHAIN_PROFILE,
    WINDOWS_CERTIFICATE_FILE,
    WINDOWS_CERTIFICATE_PASSWORD,
  } = env;
  if (APPLE_KEYCHAIN_PROFILE && !MAC_SIGN_IDENTITY)
    throw new Error(
      'APPLE_KEYCHAIN_PROFILE: Apple notarises only what is signed. Set MAC_SIGN_IDENTITY, too.',
    );
  return {
    ...(MAC_SIGN_IDENTITY && { osxSign: { identity: MAC_SIGN_IDENTITY, continueOnError: false } }),
    ...(APPLE_KEYCHAIN_PROFILE && { osxNotarize: { keychainProfile: APPLE_KEYCHAIN_PROFILE } }),
    ...(WINDOWS_CERTIFICATE_FILE && {
      windowsSign: {
        certificateFile: WINDOWS_CERTIFICATE_FILE,
        ...(WINDOWS_CERTIFICATE_PASSWORD && { certificatePassword: WINDOWS_CERTIFICATE_PASSWORD }),
      },
    }),
  };
}
