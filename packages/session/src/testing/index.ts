export {
  buildRecord,
  type ContractCase,
  redirectListenerContract,
  refreshLockContract,
  tokenStoreContract,
} from './contracts.ts';
export {
  createFakeBrowser,
  createFakeClock,
  createFakeRedirect,
  type FakeClock,
  type FakeRedirect,
} from './fakes.ts';
