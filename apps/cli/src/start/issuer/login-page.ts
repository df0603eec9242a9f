/** The development issuer's login form: plain HTML that works without a script. */
import { DEV_USERS } from './dev-users.ts';

/** `failed` says that name or password were wrong, not which. */
export function loginPage(action: string, failed: boolean): string {
  const users = DEV_USERS.map(
    ({ login, name, roles }) => `<option value="${login}">${name} — ${roles.join(', ')}</option>`,
  ).join('');
  const problem = failed
    ? '<p role="alert">姓名或密码不对，请再试一次。 Name or password is wrong: try again.</p>'
    : '';
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>冷静 登录 Lengjing login</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem;color:#1f2329}
select,input,button{font:inherit;width:100%;padding:.5rem;margin:.25rem 0 1rem;box-sizing:border-box}
button{background:#0b57d0;color:#fff;border:0;border-radius:6px}[role=alert]{color:#b3261e}</style>
<main><h1>冷静 Lengjing</h1><p>开发环境登录：密码在启动终端里。<br>Development login: the password is in the terminal.</p>${problem}
<form method="post" action="${action}"><label for="login">人员 Person</label>
<select id="login" name="login">${users}</select><label for="password">密码 Password</label>
<input id="password" name="password" type="password" autocomplete="off" required autofocus>
<button type="submit">登录 Sign in</button></form></main></html>`;
}
