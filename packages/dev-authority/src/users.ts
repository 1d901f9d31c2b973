import { createHash, timingSafeEqual } from 'node:crypto';

/** A person who can sign in. What this person may see is the API's own matter, looked up there by `sub`. */
export interface DevUser {
  /** Subject identifier; never changes. */
  sub: string;
  username: string;
  /** Plain text: these are test accounts, and the sign-in page shows the password as a hint. @default 'deskauth' */
  password?: string | undefined;
  name: string;
  givenName: string;
  familyName: string;
  email: string;
}

/** Password of every test user that names no other. */
export const defaultPassword = 'deskauth';

/** The two users of the sample: their rights differ in the sample API. */
export const defaultUsers: readonly DevUser[] = [
  {
    sub: 'user-europe',
    username: 'europe',
    name: 'Europe Analyst',
    givenName: 'Europe',
    familyName: 'Analyst',
    email: 'europe.analyst@deskauth.example',
  },
  {
    sub: 'user-global',
    username: 'global',
    name: 'Global Manager',
    givenName: 'Global',
    familyName: 'Manager',
    email: 'global.manager@deskauth.example',
  },
];

/** Finds the user by user name or email address, and only with the right password. */
export function findUserByPassword(
  users: readonly DevUser[],
  login: string,
  password: string,
): DevUser | undefined {
  const wanted = login.trim().toLowerCase();
  const user = users.find(({ username, email }) =>
    [username, email].some((name) => name.toLowerCase() === wanted),
  );
  const matches = isSameText(password, user?.password ?? defaultPassword);
  return matches ? user : undefined;
}

function isSameText(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
