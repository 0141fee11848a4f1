/** A process that is killed during a job of the console: the next one shows the job as interrupted. */
import test from 'ava';
import { Machine, type RunningService } from '../kit/machine.ts';

async function enter(machine: Machine, url: string): Promise<string> {
  const { code } = JSON.parse((await machine.cli('console', 'link', '--json')).out) as { code: string };
  const answer = await post(url, '/console/in', '', { code });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

function post(url: string, path: string, cookie: string, fields: Readonly<Record<string, string>>) {
  return fetch(`${url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Sec-Fetch-Site': 'same-origin', Cookie: cookie },
    body: new URLSearchParams(fields),
  });
}

test('a job whose process is killed is found again as interrupted, and is begun again to its end', async (t) => {
  t.timeout(120_000);
  const machine = new Machine(t);
  let service: RunningService = await machine.start();
  const cookie = await enter(machine, service.url);
  const begun = await post(service.url, '/console/test/upkeep/check', cookie, {});
  const path = begun.headers.get('Location') ?? '';
  t.regex(path, /\/jobs\/1$/);
  // Its thread takes longer to start.
  await service.ran.kill();
  service = await machine.start();
  const see = async (address: string) =>
    (await fetch(`${service.url}${address}`, { headers: { Cookie: cookie } })).text();
  t.regex(
    await see(path),
    /Check the ledger[\s\S]*It was interrupted[\s\S]*Check again[\s\S]*Begin it again/,
  );
  t.regex(await see('/console/test/jobs'), /Check the ledger[\s\S]*it was interrupted/);
  const again = await post(service.url, '/console/test/upkeep/check', cookie, {});
  const next = again.headers.get('Location') ?? '';
  t.regex(next, /\/jobs\/2$/);
  for (const end = Date.now() + 60_000; Date.now() < end && !/no faults\./.test(await see(next)); )
    await new Promise((resolve) => setTimeout(resolve, 50));
  t.regex(await see(next), /0 licenses, no faults\./);
});
