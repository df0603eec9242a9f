/** The people of a development console: one for each role, and a second analyst, since some things need two. */

export interface DevUser {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export const DEV_USERS: readonly DevUser[] = [
  { login: 'chen', name: '陈静 Chen Jing', roles: ['analyst'] },
  { login: 'wang', name: '王磊 Wang Lei', roles: ['analyst'] },
  { login: 'zhao', name: '赵敏 Zhao Min', roles: ['analyst', 'supervisor'] },
  { login: 'sun', name: '孙立 Sun Li', roles: ['auditor'] },
  { login: 'qian', name: '钱程 Qian Cheng', roles: ['policy_author'] },
  { login: 'zhou', name: '周航 Zhou Hang', roles: ['policy_approver'] },
  { login: 'wu', name: '吴桐 Wu Tong', roles: ['admin'] },
];
