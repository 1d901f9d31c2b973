export { type SampleApi, type SampleApiPorts, startSampleApi } from './sample-api.ts';
export { loadSampleSettings, type SampleApiSettings } from './settings.ts';
