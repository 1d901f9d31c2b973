export { type FoundChromium, findChromium } from './find-chromium.ts';
export { buildProgram, FUSES } from './program.ts';
export { type StandInSettings, startStandIn } from './start-stand-in.ts';
