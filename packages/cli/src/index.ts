export { requireLocalDomain } from './certificates/domain.ts';
export {
  type CertificateRequest,
  type PreparedCertificates,
  prepareCertificates,
} from './certificates/prepare.ts';
export { run } from './run.ts';
