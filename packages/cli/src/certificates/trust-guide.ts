/** The root certificate that is to be trusted. */
export interface TrustedRoot {
  /** Its file, absolute. */
  readonly file: string;
  /** Its common name: by it trust stores find it again. */
  readonly name: string;
  readonly domain: string;
}

/** How one kind of system or program comes to trust a root, and how it forgets it again. */
interface TrustWay {
  readonly where: string;
  readonly trust: readonly string[];
  readonly forget: readonly string[];
}

const sh = (text: string) => (/^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
const NSS = '-d sql:$HOME/.pki/nssdb';
const KEYCHAIN = '~/Library/Keychains/login.keychain-db';

function debian({ file, domain }: TrustedRoot): TrustWay {
  const copy = `/usr/local/share/ca-certificates/deskauth-${domain}.crt`;
  return {
    where: 'Debian, Ubuntu',
    trust: [`sudo cp ${sh(file)} ${copy} && sudo update-ca-certificates`],
    forget: [`sudo rm ${copy} && sudo update-ca-certificates --fresh`],
  };
}

function fedora({ file, domain }: TrustedRoot): TrustWay {
  const copy = `/etc/pki/ca-trust/source/anchors/deskauth-${domain}.crt`;
  return {
    where: 'Fedora, RHEL',
    trust: [`sudo cp ${sh(file)} ${copy} && sudo update-ca-trust`],
    forget: [`sudo rm ${copy} && sudo update-ca-trust`],
  };
}

/** These look into a database of their own and not into the system's. */
function chromium({ file, name }: TrustedRoot): TrustWay {
  return {
    where: 'Chromium, Chrome and Edge on Linux; certutil is in the package libnss3-tools (Fedora: nss-tools)',
    trust: [
      `mkdir -p ~/.pki/nssdb && { certutil -L ${NSS} || certutil -N --empty-password ${NSS}; }`,
      `certutil -A ${NSS} -t C,, -n ${sh(name)} -i ${sh(file)}`,
    ],
    forget: [`certutil -D ${NSS} -n ${sh(name)}`],
  };
}

function macOS({ file, name }: TrustedRoot): TrustWay {
  return {
    where: 'macOS, for you only; it asks for your password',
    trust: [`security add-trusted-cert -r trustRoot -k ${KEYCHAIN} ${sh(file)}`],
    forget: [`security delete-certificate -t -c ${sh(name)} ${KEYCHAIN}`],
  };
}

function windows({ file, name }: TrustedRoot): TrustWay {
  return {
    where: 'Windows, for you only; it asks whether you mean it',
    trust: [`certutil -user -addstore Root "${file}"`],
    forget: [`certutil -user -delstore Root "${name}"`],
  };
}

function firefox({ file, name }: TrustedRoot): TrustWay {
  const place = 'Settings, Privacy & Security, View Certificates, Authorities';
  return {
    where: 'Firefox; on Windows and macOS it takes what the system trusts',
    trust: [`${place}, Import: ${file}, to identify websites`],
    forget: [`${place}, ${name}, Delete or Distrust`],
  };
}

function node({ file }: TrustedRoot): TrustWay {
  return {
    where: 'Node',
    trust: [
      `NODE_EXTRA_CA_CERTS=${sh(file)} node …`,
      'or what the system trusts: node --use-system-ca …, or NODE_USE_SYSTEM_CA=1 (Node 22.19, 24.6)',
    ],
    forget: ['leave it out'],
  };
}

function deskauth({ file }: TrustedRoot): TrustWay {
  return {
    where: 'deskauth and sessions in Node; they take what the system trusts, too',
    trust: [`--ca-file ${sh(file)}, or the setting caFile`],
    forget: ['leave it out'],
  };
}

const OF_SYSTEMS: readonly (readonly [NodeJS.Platform, (root: TrustedRoot) => TrustWay])[] = [
  ['linux', debian],
  ['linux', fedora],
  ['linux', chromium],
  ['darwin', macOS],
  ['win32', windows],
];

/** How to trust a root on each system, this machine's own first, and how to take it away again. */
export function trustGuide(root: TrustedRoot, platform: NodeJS.Platform = process.platform): string {
  const here = OF_SYSTEMS.filter(([system]) => system === platform);
  const elsewhere = OF_SYSTEMS.filter(([system]) => system !== platform);
  const ways = [...here.map(([, way]) => way), firefox, node, deskauth, ...elsewhere.map(([, way]) => way)];
  return ways.map((way) => describe(way(root))).join('\n');
}

function describe({ where, trust, forget }: TrustWay): string {
  const lines = [...trust.map((line) => `trust   ${line}`), ...forget.map((line) => `forget  ${line}`)];
  return `${where}\n${lines.map((line) => `    ${line}\n`).join('')}`;
}
