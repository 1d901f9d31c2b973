import type { User } from '@deskauth/electron/renderer';
import { useEffect, useRef, useState } from 'preact/hooks';
import { initialsOf } from './format.ts';
import { Icon, type IconName } from './icons.tsx';

/** A command, or the heading of those that follow. */
export type Entry = string | { readonly label: string; readonly icon: IconName; readonly run: () => void };

/** Who is signed in, and what that person can do. A menu button by the ARIA practices: arrows, Home, End, Escape. */
export function UserMenu({ user, entries }: { readonly user: User; readonly entries: readonly Entry[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const items = () => [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useEffect(() => {
    if (!isOpen) return;
    items()[0]?.focus();
    const closeOutside = ({ target }: Event) => {
      if (!box.current?.contains(target as Node)) setIsOpen(false);
    };
    addEventListener('pointerdown', closeOutside);
    return () => removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const close = () => {
    setIsOpen(false);
    button.current?.focus();
  };
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return close();
    if (event.key === 'Tab') return setIsOpen(false);
    const all = items();
    const next = nextIndex(event.key, all.indexOf(document.activeElement as HTMLElement), all.length);
    if (next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
  };

  return (
    <div class="user-menu" ref={box}>
      <button
        type="button"
        class="user-button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span class="avatar small" aria-hidden="true">
          {initialsOf(user.displayName)}
        </span>
        <span class="user-name">{user.displayName}</span>
        <Icon name="down" />
      </button>
      {isOpen && (
        <div
          class="menu"
          role="menu"
          aria-label={`Menu of ${user.displayName}`}
          tabIndex={-1}
          onKeyDown={move}
        >
          {entries.map((entry) =>
            typeof entry === 'string' ? (
              <p key={entry} class="menu-heading" role="presentation">
                {entry}
              </p>
            ) : (
              <button
                key={entry.label}
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  close();
                  entry.run();
                }}
              >
                <Icon name={entry.icon} />
                {entry.label}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}

function nextIndex(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return undefined;
}
