export { type FoundChromium, findChromium } from './find-chromium.ts';
export { type StandInSettings, startStandIn } from './start-stand-in.ts';
