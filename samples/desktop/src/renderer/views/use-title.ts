import { useEffect, useRef } from 'preact/hooks';

let isFirst = true;

/** Names the window after its page, and moves the focus to the new page's heading, as a page load would. */
export function useTitle(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Deskauth Companies`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [title]);
  return heading;
}
