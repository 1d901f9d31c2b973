import type { Company } from '../api.ts';
import { type Round, useResource } from '../resource.ts';
import { buildHash } from '../route.ts';
import { FailureBar, FailureView } from './failure.tsx';
import { formatCount, formatList, formatMoney, formatShare, initialsOf } from './format.ts';
import { Icon } from './icons.tsx';
import { RefreshButton } from './refresh-button.tsx';
import { ListSkeleton } from './skeleton.tsx';
import { useTitle } from './use-title.ts';

interface CompaniesProps {
  readonly region: string | undefined;
  readonly round: Round;
  readonly refresh: () => void;
}

/** The list of companies that the person may see. */
export function Companies({ region, round, refresh }: CompaniesProps) {
  const { data, failure, isLoading } = useResource<readonly Company[]>('/api/companies', round);
  if (failure && !data) return <FailureView failure={failure} retry={refresh} />;
  const regions = [...new Set(data?.map((company) => company.region))].sort();
  const shown = data?.filter((company) => region === undefined || company.region === region);
  return (
    <>
      <PageHead companies={data} regions={regions} isLoading={isLoading} refresh={refresh} />
      {failure && <FailureBar failure={failure} retry={refresh} />}
      {regions.length > 1 && <Regions all={regions} chosen={region} />}
      {shown ? <List companies={shown} /> : <ListSkeleton />}
    </>
  );
}

interface PageHeadProps {
  readonly companies: readonly Company[] | undefined;
  readonly regions: readonly string[];
  readonly isLoading: boolean;
  readonly refresh: () => void;
}

function PageHead({ companies, regions, isLoading, refresh }: PageHeadProps) {
  const heading = useTitle('Companies');
  return (
    <div class="page-head">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          Companies
        </h1>
        <p class="lead">{companies ? summary(companies, regions) : 'Loading …'}</p>
      </div>
      <RefreshButton isLoading={isLoading} refresh={refresh} />
    </div>
  );
}

function summary({ length }: readonly Company[], regions: readonly string[]): string {
  return length > 0 ? `${formatCount(length, 'company', 'companies')} in ${formatList(regions)}` : 'None yet';
}

function Regions({ all, chosen }: { readonly all: readonly string[]; readonly chosen: string | undefined }) {
  return (
    <nav class="chips" aria-label="Region">
      {[undefined, ...all].map((region) => (
        <a
          key={region}
          class="chip"
          href={buildHash({ view: 'companies', ...(region !== undefined && { region }) })}
          aria-current={region === chosen ? 'true' : undefined}
        >
          {region ?? 'All regions'}
        </a>
      ))}
    </nav>
  );
}

function List({ companies }: { readonly companies: readonly Company[] }) {
  if (companies.length === 0)
    return (
      <div class="empty">
        <Icon name="info" />
        <h2>No companies here</h2>
        <p>Nothing is assigned to you yet. Ask whoever manages your access, or sign in as another user.</p>
      </div>
    );
  return (
    <ul class="companies">
      {companies.map((company) => (
        <li key={company.id}>
          <CompanyRow company={company} />
        </li>
      ))}
    </ul>
  );
}

function CompanyRow({ company }: { readonly company: Company }) {
  const { id, name, sector, region, currency, investedAmount, targetAmount, investorCount } = company;
  return (
    <a class="company" href={buildHash({ view: 'company', id })}>
      <span class="monogram" aria-hidden="true">
        {initialsOf(name)}
      </span>
      <span class="company-name">
        <strong>{name}</strong>
        <small>
          {sector} · {region}
        </small>
      </span>
      <span class="company-investors">{formatCount(investorCount, 'investor', 'investors')}</span>
      <span class="company-funding">
        <span class="funding-text">
          <span>
            <b>{formatMoney(investedAmount, currency)}</b> of {formatMoney(targetAmount, currency)}
          </span>
          <span>{formatShare(investedAmount, targetAmount)}</span>
        </span>
        <progress value={investedAmount} max={targetAmount} aria-hidden="true" />
      </span>
      <Icon name="forward" />
    </a>
  );
}
