/** What `import … from 'electron'` gives. Electron's module is CommonJS, so apps may also import it whole. */
import * as electron from './electron-parts.ts';

export * from './electron-parts.ts';
// biome-ignore lint/style/noDefaultExport: it is Electron's.
export { electron as default };
