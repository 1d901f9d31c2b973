/** The first releases without the known faults that touch tokens, bridges and schemes, by major version. */
const FLOORS: Readonly<Record<number, readonly [minor: number, patch: number]>> = { 43: [7, 3], 44: [4, 3] };
const OLDEST_MAJOR = 43;

/**
 * What is wrong with this release of Electron, for the people who build the app; undefined when nothing is known.
 * @param version such as "45.4.1"
 * @see https://releases.electronjs.org/schedule
 */
export function weaknessOfElectron(version: string): string | undefined {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [floorMinor, floorPatch] = FLOORS[major] ?? [0, 0];
  const isBelowFloor = minor < floorMinor || (minor === floorMinor && patch < floorPatch);
  if (major >= OLDEST_MAJOR && !isBelowFloor) return undefined;
  const wanted = FLOORS[major] ? `${major}.${floorMinor}.${floorPatch}` : '45';
  return `Electron ${version} has known faults by which a page can reach what it should not. Use ${wanted} or later.`;
}
