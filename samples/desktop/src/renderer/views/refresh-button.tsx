import { Icon } from './icons.tsx';

export function RefreshButton({
  isLoading,
  refresh,
}: {
  readonly isLoading: boolean;
  readonly refresh: () => void;
}) {
  return (
    <button
      type="button"
      class={`button refresh ${isLoading ? 'busy' : ''}`}
      aria-busy={isLoading}
      onClick={refresh}
    >
      <Icon name="refresh" />
      <span>Refresh</span>
    </button>
  );
}
