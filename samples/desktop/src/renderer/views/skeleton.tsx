/** Shapes of what is on its way, so that nothing jumps when it arrives. */

export function ListSkeleton() {
  return (
    <div class="companies skeleton" aria-hidden="true">
      {[1, 2, 3, 4, 5].map((row) => (
        <div key={row} class="company">
          <span class="monogram" />
          <span class="company-name">
            <i class="line medium" />
            <i class="line short" />
          </span>
          <span class="company-investors">
            <i class="line short" />
          </span>
          <span class="company-funding">
            <i class="line" />
            <i class="line thin" />
          </span>
          <span class="icon" />
        </div>
      ))}
    </div>
  );
}

export function CompanySkeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <div class="tiles">
        {[1, 2, 3, 4].map((tile) => (
          <div key={tile} class="tile">
            <i class="line short" />
            <i class="line medium tall" />
          </div>
        ))}
      </div>
      <div class="card">
        {[1, 2, 3, 4].map((row) => (
          <i key={row} class="line row" />
        ))}
      </div>
    </div>
  );
}
