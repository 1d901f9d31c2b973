import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let isFirst = true;

/** The heading of a page: it names the tab, and takes the focus as a page load would. */
export function PageTitle({ children }: { readonly children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · Deskauth Companies`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

export function Mark() {
  return <img class="mark" src="mark.svg" alt="" width="32" height="32" />;
}

export function Brand() {
  return (
    <>
      <Mark />
      <span>Deskauth Companies</span>
    </>
  );
}

interface EntranceProps {
  readonly title: string;
  readonly lead: string;
  readonly children?: ComponentChildren;
}

/** A page before somebody is signed in. */
export function Entrance({ title, lead, children }: EntranceProps) {
  return (
    <main class="entrance">
      <p class="brand">
        <Brand />
      </p>
      <section class="card entry">
        <PageTitle>{title}</PageTitle>
        <p class="lead">{lead}</p>
        {children}
      </section>
    </main>
  );
}
