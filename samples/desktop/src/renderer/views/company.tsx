import type { Company, CompanyTransactions, Transaction } from '../api.ts';
import { type Round, useResource } from '../resource.ts';
import { FailureBar, FailureView } from './failure.tsx';
import { formatCount, formatDay, formatMoney, formatShare, initialsOf } from './format.ts';
import { Icon } from './icons.tsx';
import { RefreshButton } from './refresh-button.tsx';
import { CompanySkeleton } from './skeleton.tsx';
import { useTitle } from './use-title.ts';

interface CompanyPageProps {
  readonly id: string;
  readonly round: Round;
  readonly refresh: () => void;
}

/** One company and its transactions. */
export function CompanyPage({ id, round, refresh }: CompanyPageProps) {
  const path = `/api/companies/${encodeURIComponent(id)}/transactions`;
  const { data, failure, isLoading } = useResource<CompanyTransactions>(path, round);
  if (failure && !data) return <FailureView failure={failure} retry={refresh} />;
  return (
    <>
      <a class="back" href="#/companies">
        <Icon name="back" />
        Companies
      </a>
      <CompanyHead company={data?.company} isLoading={isLoading} refresh={refresh} />
      {failure && <FailureBar failure={failure} retry={refresh} />}
      {data ? <CompanyBody {...data} /> : <CompanySkeleton />}
    </>
  );
}

interface CompanyHeadProps {
  readonly company: Company | undefined;
  readonly isLoading: boolean;
  readonly refresh: () => void;
}

function CompanyHead({ company, isLoading, refresh }: CompanyHeadProps) {
  const heading = useTitle(company?.name ?? 'Company');
  return (
    <div class="page-head">
      <div class={`company-head ${company ? '' : 'skeleton'}`}>
        <span class="monogram large" aria-hidden="true">
          {company && initialsOf(company.name)}
        </span>
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {company?.name ?? <span class="visually-hidden">Loading</span>}
            {!company && <i class="line" />}
          </h1>
          <p class="lead">{company && `${company.sector} · ${company.region}`}</p>
        </div>
      </div>
      <RefreshButton isLoading={isLoading} refresh={refresh} />
    </div>
  );
}

function CompanyBody({ company, transactions }: CompanyTransactions) {
  const { currency, targetAmount, investedAmount, investorCount } = company;
  const money = (amount: number) => formatMoney(amount, currency);
  const tiles = [
    ['Invested', money(investedAmount)],
    ['Target', money(targetAmount)],
    ['Still open', money(Math.max(0, targetAmount - investedAmount))],
    ['Investors', new Intl.NumberFormat().format(investorCount)],
  ] as const;
  return (
    <>
      <dl class="tiles">
        {tiles.map(([label, value]) => (
          <div key={label} class="tile">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="card funding">
        <span class="funding-text">
          <b>{formatShare(investedAmount, targetAmount)} of the target</b>
          <span>{money(targetAmount)}</span>
        </span>
        <progress value={investedAmount} max={targetAmount} aria-label="Invested share of the target" />
      </div>
      <Transactions rows={transactions} />
    </>
  );
}

function Transactions({ rows }: { readonly rows: readonly Transaction[] }) {
  return (
    <section class="card transactions" aria-labelledby="transactions">
      <div class="card-head">
        <h2 id="transactions">Transactions</h2>
        <span>{formatCount(rows.length, 'entry', 'entries')}</span>
      </div>
      {rows.length === 0 ? (
        <p class="empty-row">Nobody has invested yet.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Date</th>
              <th scope="col">Investor</th>
              <th scope="col" class="wide-only">
                Reference
              </th>
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
                <td class="wide-only reference">{id}</td>
                <td class="amount">{formatMoney(amount, currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
