/** Line icons on a grid of 24. They say nothing to a screen reader: the text beside them does. */
const PATHS = {
  alert:
    'M12 9v4.500M12 17v.01M10.300 4.300 2.700 17.500A2 2 0 0 0 4.400 20.500h15.200a2 2 0 0 0 1.700-3L13.700 4.300a2 2 0 0 0-3.400 0Z',
  back: 'M19 12H5m6-6-6 6 6 6',
  browser: 'M4 5.500h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1ZM3 9.500h18',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  clock: 'M12 7.500V12l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  copy: 'M9 9h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1ZM16 5.500V4a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h0',
  cross: 'm6 6 12 12M18 6 6 18',
  down: 'm6 9.500 6 6 6-6',
  forward: 'm9.500 6 6 6-6 6',
  flask:
    'M9.500 3h5M10.500 3v6L5 18.500A1.700 1.700 0 0 0 6.500 21h11a1.700 1.700 0 0 0 1.500-2.500L13.500 9V3M7.500 15h9',
  info: 'M12 11v5.500M12 7.500v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  key: 'M14.500 9.500 21 3m-3 3 2.500 2.500M15 15.500a5.500 5.500 0 1 1-11 0 5.500 5.500 0 0 1 11 0Z',
  leave: 'M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4m5.500-4 4-4-4-4m4 4H9.500',
  lock: 'M6.500 10.500h11a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1ZM8.500 10.500V7a3.500 3.500 0 0 1 7 0v3.500',
  offline:
    'M3 3l18 18M5 12.500a10 10 0 0 1 4.500-2.700M19 12.500a10 10 0 0 0-2.800-2M8.500 16a5 5 0 0 1 7 0M2 8.800a15 15 0 0 1 4.200-2.700M22 8.800A15 15 0 0 0 10.700 5M12 19.500v.01',
  people:
    'M16 19.500v-1.500a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4v1.500M9.500 10.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM21 19.500v-1.500a4 4 0 0 0-3-3.900M15.500 3.700a3.500 3.500 0 0 1 0 6.700',
  refresh:
    'M20 5v5h-5M4 19v-5h5M5.500 9.500A7.200 7.200 0 0 1 18 7.500l2 2.500M18.500 14.500A7.200 7.200 0 0 1 6 16.500L4 14',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the product. */
export function Mark() {
  return <img class="mark" src="mark.svg" alt="" width="32" height="32" />;
}
