import type { SpaSession } from '@deskauth/spa';
import type { Company, CompanyTransactions } from '../api.ts';
import { type Round, useResource } from '../resource.ts';
import { FailureBar, FailureView } from './failure.tsx';
import { formatCount, formatDay, formatMoney, formatShare, initialsOf } from './format.ts';
import { PageTitle } from './page.tsx';

interface PageProps {
  readonly session: SpaSession;
  readonly round: Round;
  readonly refresh: () => void;
}

/** The list of companies that the person may see. */
export function Companies({ session, round, refresh }: PageProps) {
  const { data, failure, isLoading } = useResource<readonly Company[]>(session, '/api/companies', round);
  if (failure && !data) return <FailureView failure={failure} retry={refresh} />;
  return (
    <>
      <div class="page-head">
        <div>
          <PageTitle>Companies</PageTitle>
          <p class="lead">{data ? formatCount(data.length, 'company', 'companies') : 'Loading …'}</p>
        </div>
        <RefreshButton isLoading={isLoading} refresh={refresh} />
      </div>
      {failure && <FailureBar failure={failure} retry={refresh} />}
      {data?.length === 0 && <p class="box">No company is yours to follow yet. Ask whoever gives access.</p>}
      <ul class="companies" aria-busy={!data}>
        {data?.map((company) => (
          <li key={company.id}>
            <CompanyRow company={company} />
          </li>
        ))}
      </ul>
    </>
  );
}

function CompanyRow({ company }: { readonly company: Company }) {
  const { id, name, sector, region, currency, investedAmount, targetAmount, investorCount } = company;
  return (
    <a class="company" href={`#/companies/${id}`}>
      <span class="monogram" aria-hidden="true">
        {initialsOf(name)}
      </span>
      <span class="company-name">
        <strong>{name}</strong>
        <small>
          {sector} · {region} · {formatCount(investorCount, 'investor', 'investors')}
        </small>
      </span>
      <span class="company-funding">
        <span class="funding-text">
          <span>
            <b>{formatMoney(investedAmount, currency)}</b> of {formatMoney(targetAmount, currency)}
          </span>
          <span>{formatShare(investedAmount, targetAmount)}</span>
        </span>
        <progress value={investedAmount} max={targetAmount} aria-hidden="true" />
      </span>
    </a>
  );
}

/** One company and its transactions. */
export function CompanyPage({ session, round, refresh, id }: PageProps & { readonly id: string }) {
  const path = `/api/companies/${id}/transactions`;
  const { data, failure, isLoading } = useResource<CompanyTransactions>(session, path, round);
  if (failure && !data) return <FailureView failure={failure} retry={refresh} />;
  return (
    <>
      <a class="back" href="#/companies">
        ← Companies
      </a>
      <div class="page-head">
        <div>
          <PageTitle>{data?.company.name ?? 'Company'}</PageTitle>
          <p class="lead">{data ? `${data.company.sector} · ${data.company.region}` : 'Loading …'}</p>
        </div>
        <RefreshButton isLoading={isLoading} refresh={refresh} />
      </div>
      {failure && <FailureBar failure={failure} retry={refresh} />}
      {data && <Transactions rows={data.transactions} />}
    </>
  );
}

function Transactions({ rows }: { readonly rows: CompanyTransactions['transactions'] }) {
  return (
    <section class="card" aria-labelledby="transactions">
      <div class="card-head">
        <h2 id="transactions">Transactions</h2>
        <small>{formatCount(rows.length, 'entry', 'entries')}</small>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">Investor</th>
            <th scope="col" class="amount">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, date, investorId, amount, currency }) => (
            <tr key={id}>
              <td>{formatDay(date)}</td>
              <td>{investorId}</td>
              <td class="amount">{formatMoney(amount, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RefreshButtonProps {
  readonly isLoading: boolean;
  readonly refresh: () => void;
}

function RefreshButton({ isLoading, refresh }: RefreshButtonProps) {
  return (
    <button type="button" class="button" aria-busy={isLoading} onClick={refresh}>
      Refresh data
    </button>
  );
}
