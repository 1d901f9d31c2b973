import type { ComponentChildren } from 'preact';
import { Mark } from './icons.tsx';
import { useTitle } from './use-title.ts';

interface EntranceProps {
  readonly title: string;
  readonly lead: string;
  readonly children: ComponentChildren;
}

/** The page before somebody is signed in: what this is on one side, what to do on the other. */
export function Entrance({ title, lead, children }: EntranceProps) {
  const heading = useTitle(title);
  return (
    <div class="entrance">
      <aside class="pitch">
        <p class="brand">
          <Mark />
          Deskauth Companies
        </p>
        <div>
          <p class="slogan">Every company you follow, and every transaction behind it.</p>
          <p class="slogan-detail">One sign-in in your own browser. No password in this window.</p>
        </div>
        <Skyline />
      </aside>
      <main class="entry">
        <div class="entry-body">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <p class="lead">{lead}</p>
          {children}
        </div>
      </main>
    </div>
  );
}

/** An ornament: bars that rise like a fund that fills. */
function Skyline() {
  const heights = [34, 52, 44, 70, 58, 86, 74, 104, 92, 128, 118, 150];
  return (
    <svg class="skyline" viewBox="0 0 360 160" aria-hidden="true" preserveAspectRatio="xMinYMax meet">
      {heights.map((height, index) => (
        <rect key={height} x={index * 30 + 4} y={160 - height} width="22" height={height} rx="4" />
      ))}
    </svg>
  );
}
