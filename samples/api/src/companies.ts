import { ApiError } from '@deskauth/resource-server';
import companies from './data/companies.json' with { type: 'json' };
import transactions from './data/transactions.json' with { type: 'json' };
import users from './data/users.json' with { type: 'json' };

/** What this API itself knows about a user, whatever the token says. */
export interface UserRights {
  readonly name: string | undefined;
  readonly regions: readonly string[];
}

declare module '@deskauth/resource-server' {
  interface OwnClaims extends UserRights {}
}

const rights = new Map<string, UserRights>(Object.entries(users));

/** The rights of a user; somebody unknown may see nothing. */
export function loadRights({ userId }: { userId: string }): UserRights {
  return rights.get(userId) ?? { name: undefined, regions: [] };
}

/** The companies in the user's regions. */
export function listCompanies({ regions }: UserRights) {
  return companies.filter(({ region }) => regions.includes(region));
}

/**
 * A company with its transactions.
 * @throws ApiError `API_NOT_FOUND` for one outside the user's regions too: 403 would tell that it exists
 */
export function listTransactions(id: string, user: UserRights) {
  const company = listCompanies(user).find((candidate) => candidate.id === id);
  if (!company)
    throw new ApiError('API_NOT_FOUND', `The user may see no company with the id ${JSON.stringify(id)}.`);
  return { company, transactions: transactions[company.id as keyof typeof transactions] };
}
