export { type SampleApi, type SampleApiPorts, startSampleApi } from './sample-api.ts';
export { loadSettings, type SampleApiSettings } from './settings.ts';
