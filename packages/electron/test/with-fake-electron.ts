import { registerHooks } from 'node:module';

/** Import this first, then the files under test dynamically: they get the fake for `electron`. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'electron') return next(specifier, context);
    return { url: new URL('./fake-electron.ts', import.meta.url).href, shortCircuit: true };
  },
});
