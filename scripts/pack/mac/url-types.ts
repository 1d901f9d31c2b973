import type { PackedApp } from '../packed-app.ts';

/** What makes links of a scheme lead to the app on macOS: part of the bundle, read when the app is installed. */
export function buildProtocols({ productName }: PackedApp, scheme: string) {
  return [{ name: productName, schemes: [scheme] }];
}

/**
 * The same as a file, to be merged into an `Info.plist` by other packers.
 * @see Apple, CFBundleURLTypes
 */
export function buildUrlTypes(app: PackedApp, scheme: string): string {
  const types = buildProtocols(app, scheme).map(
    ({ name, schemes }) => `    <dict>
      <key>CFBundleURLName</key>
      <string>${escapeXml(name)}</string>
      <key>CFBundleURLSchemes</key>
      <array>
${schemes.map((one) => `        <string>${escapeXml(one)}</string>`).join('\n')}
      </array>
    </dict>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
  <dict>
    <key>CFBundleURLTypes</key>
    <array>
${types.join('\n')}
    </array>
  </dict>
</plist>
`;
}

function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
